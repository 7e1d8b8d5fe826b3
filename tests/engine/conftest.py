"""A worker that says what a test wants it to say, in place of the real one."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.engine.fleet import Fleet
from autograder.engine.fresh import FreshProcesses

_SCRIPT = """
import os, sys, time
from autograder.engine import wire
from autograder.engine.wire import Message

requests, replies = sys.stdin.buffer, sys.stdout.buffer

def send(message):
    wire.send(replies.write, message)
    replies.flush()
LAYERS = dict.fromkeys(("process", "rlimits", "no_new_privs", "landlock", "seccomp"), "on")

def say(request, **head):
    send(Message({{"id": request["id"], **head}}))

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

send(Message({{"ready": True}}))
while True:
    try:
        request = wire.receive(requests.read).head
    except wire.Closed:
        break
    with open({log!r}, "a") as log:
        detail = request.get("exercise") or request.get("cell", {{}}).get("source", "")
        print(request["op"], detail, file=log)
    {{"enter": enter, "begin": begin, "cell": cell, "observe": observe}}[request["op"]](request)
"""


class FakeWorker:
    """Workers whose functions a text defines anew."""

    def __init__(self, folder: Path, behaviour: str) -> None:
        self._log = folder / "requests.log"
        script = folder / "worker.py"
        script.write_text(_SCRIPT.format(behaviour=behaviour, log=str(self._log)), encoding="utf-8")
        self._command = (sys.executable, str(script))

    def fleet(self) -> Fleet:
        """A fleet of them."""
        return Fleet(lambda _options: FreshProcesses(self._command))

    def requests(self) -> list[str]:
        """What they were asked so far."""
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []


@pytest.fixture
def fake_worker(tmp_path: Path) -> Callable[[str], FakeWorker]:
    """Makes workers that say what the given text has them say."""
    return lambda behaviour: FakeWorker(tmp_path, behaviour)
