"""What one worker may use and say: bounds as numbers, so that a bound that grows by itself is noticed."""

import struct
import sys
from io import BytesIO
from pathlib import Path

import pytest
from test_any_course import handed_in, toy

from autograder.course.course import Course
from autograder.engine import wire
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.submissions.submission import read_submission

__all__ = ["toy"]

MIB = 1 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")
@pytest.mark.parametrize(
    ("limit", "most"),
    [
        ("RLIMIT_CPU", 30 + 60),
        ("RLIMIT_FSIZE", 16 * MIB),
        ("RLIMIT_NOFILE", 128),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_SIGPENDING", 64),
        ("RLIMIT_MSGQUEUE", 0),
        ("RLIMIT_MEMLOCK", 0),
    ],
)
def test_worker_has_limits(toy: Course, fleet: Fleet, tmp_path: Path, limit: str, most: int) -> None:
    source = f"import resource\ndef double(x):\n    raise ValueError(resource.getrlimit(resource.{limit}))"
    path = handed_in(toy, tmp_path, source)
    options = Options(course=toy, level=Level.BEST, salt=Salt("a", secret=True), timeout=30.0)
    result = grade_submission(read_submission(path, "ada", "toy", toy.release), options, fleet)
    assert f"({most}, {most})" in result.exercises[0].checks[0].message


@pytest.mark.parametrize(("head", "body"), [(9 * MIB, 0), (10, 33 * MIB)])
def test_frame_of_a_worker_has_bounds(head: int, body: int) -> None:
    announced = struct.pack("<4sII", b"AGR1", head, body)
    with pytest.raises(wire.WireError, match="wrong header"):
        wire.receive(BytesIO(announced).read)
