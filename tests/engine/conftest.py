"""A worker that says what a test wants it to say, in place of the real one."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.engine import fresh

_SCRIPT = """
import os, sys, time
from autograder.engine import wire
from autograder.engine.wire import Message

requests, replies = sys.stdin.buffer, sys.stdout.buffer
LAYERS = dict.fromkeys(("process", "rlimits", "no_new_privs", "landlock", "seccomp"), "on")

def say(request, **head):
    wire.send(replies, Message({{"id": request["id"], **head}}))

def raw(data):
    replies.write(data)
    replies.flush()

def enter(request):
    say(request, layers=LAYERS, python="3", torch="2")

def begin(request):
    say(request)

def cell(request):
    say(request, failure=None)

def observe(request):
    say(request, failed="ValueError: no")

{behaviour}

wire.send(replies, Message({{"ready": True}}))
while True:
    try:
        request = wire.receive(requests).head
    except wire.Closed:
        break
    with open({log!r}, "a") as log:
        detail = request.get("exercise") or request.get("cell", {{}}).get("source", "")
        print(request["op"], detail, file=log)
    {{"enter": enter, "begin": begin, "cell": cell, "observe": observe}}[request["op"]](request)
"""


@pytest.fixture
def fake_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[[], list[str]]]:
    """Puts a worker in place whose functions the given text defines anew; gives what it was asked so far."""

    def put(behaviour: str) -> Callable[[], list[str]]:
        log, script, start = tmp_path / "requests.log", tmp_path / "worker.py", tmp_path / "start"
        script.write_text(_SCRIPT.format(behaviour=behaviour, log=str(log)), encoding="utf-8")
        start.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(script))}\n")
        start.chmod(0o755)
        monkeypatch.setattr(fresh, "sys", SimpleNamespace(executable=str(start)))
        return lambda: log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    return put
