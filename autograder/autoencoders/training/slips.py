"""What keeps a loss from being sent backwards, by what Python and PyTorch say then."""

import re

from autograder.course.observation import Failure

# Slips that a run was mended of: what else it shows is judged as if they were not there.
MENDED = ("plain-number", "detached", "not-summed")

_WORDS = (
    ("plain-number", re.compile(r"'(float|int|numpy\.(float|int)\d+)' object has no attribute 'backward'")),
    ("not-summed", re.compile(r"only for scalar")),
    ("no-graph", re.compile(r"does not require grad")),
)


def slip_of(failure: Failure | None) -> str:
    """The misconception about a loss that could not be sent backwards; empty where that is not what stopped."""
    said = "" if failure is None else failure.message
    return next((key for key, words in _WORDS if words.search(said)), "")
