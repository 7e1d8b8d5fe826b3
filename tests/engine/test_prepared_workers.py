"""What every worker would do anew is done once, before the first is forked."""

import platform
import subprocess
import sys

import pytest

# Fails where the type of a request has to be worked out, which takes as long as half a submission.
ANSWERED = """
from autograder.course.installed import find_course
from autograder.engine import wire
from autograder.engine.messages import Begin, Request
from autograder.engine.worker.worker import preload
preload(find_course("toy"))
wire.TypeAdapter = None
print(wire.decode(wire.encode(Request("7", Begin((), "cpu", 3, {}))), Request))
"""
GATHERED = """
import re
from pathlib import Path
from autograder.engine.worker.huge_pages import gather
held = [bytes([number]) * 4096 for number in range(256) for _ in range(64)]
before = [bytes(one) for one in held]
gather()
assert held == before
print(*re.findall("AnonHugePages: +([0-9]+)", Path("/proc/self/smaps_rollup").read_text()))
"""


def run(code: str) -> str:
    """What a process of its own prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_a_worker_knows_the_types_of_requests_before_the_first() -> None:
    assert run(ANSWERED).startswith("Request(id='7', ask=Begin(")


def test_memory_is_gathered_into_huge_pages_and_keeps_what_it_holds() -> None:
    version = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    if sys.platform != "linux" or version < (6, 1):
        pytest.skip("memory can be gathered on Linux from 6.1 on")
    assert int(run(GATHERED)) > 32 << 10
