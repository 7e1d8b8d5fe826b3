"""A worker that says what a test wants it to say, in place of the real one."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course.installed import own_course
from autograder.engine.fleet import Fleet
from autograder.engine.fresh import FreshProcesses

# It speaks the wire by itself, importing nothing of the package: so it starts at once, and the frames are tested too.
_SCRIPT = """
import json, os, struct, sys, time

requests, replies = sys.stdin.buffer, sys.stdout.buffer
HEADER = struct.Struct("<4sII")
LAYERS = dict.fromkeys(("process", "rlimits", "no_new_privs", "landlock", "seccomp"), "on")

def raw(data):
    replies.write(data)
    replies.flush()

def frame(head, body=b"", size=None):
    return HEADER.pack(b"AGR1", len(head) if size is None else size, len(body)) + head + body

def send(message):
    raw(frame(json.dumps(message, ensure_ascii=False).encode(errors="replace")))

def say(request, **answer):
    send({{"id": request["id"], "answer": answer}})

def close_in(request):
    say(request, layers=LAYERS, python="3", torch="2")

def begin(request):
    say(request)

def run_cell(request):
    say(request, failure=None)

def observe(request):
    say(request, failed="ValueError: no")

def show_cell(request):
    say(request, failure=None, value=None, printed="", complained="", pictures=[])

{behaviour}

send({{}})
while header := requests.read(HEADER.size):
    _, head, body = HEADER.unpack(header)
    request = json.loads(requests.read(head))
    requests.read(body)
    ask = request["ask"]
    for one in [{{**request, "ask": {{"cell": cell}}}} for _, cell in ask.get("cells", ())] or [request]:
        with open({log!r}, "a") as log:
            about = one["ask"].get("exercise") or one["ask"].get("cell", {{}}).get("source", "")
            print("run cell" if "cells" in ask else ask["kind"], about, file=log)
        {{"close in": close_in, "begin": begin, "run cells": run_cell, "show cell": show_cell,
          "observe": observe}}[ask["kind"]](one)
"""


class FakeWorker:
    """Workers whose functions a text defines anew."""

    def __init__(self, folder: Path, behaviour: str) -> None:
        self._log = folder / "requests.log"
        script = folder / "worker.py"
        script.write_text(_SCRIPT.format(behaviour=behaviour, log=str(self._log)), encoding="utf-8")
        self._command = (sys.executable, "-I", "-S", str(script))

    def fleet(self) -> Fleet:
        """A fleet of them."""
        return Fleet(lambda _options: FreshProcesses(own_course(), self._command))

    def requests(self) -> list[str]:
        """What they were asked so far."""
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []


@pytest.fixture
def fake_worker(tmp_path: Path) -> Callable[[str], FakeWorker]:
    """Makes workers that say what the given text has them say."""
    return lambda behaviour: FakeWorker(tmp_path, behaviour)
