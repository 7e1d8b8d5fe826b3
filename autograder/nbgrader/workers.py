"""The processes that nbgrader's runs share."""

import atexit
from functools import cache

from autograder.engine.fleet import Fleet


@cache
def fleet() -> Fleet:
    """The one fleet of this process: formgrader begins a run for each student, and starting anew takes seconds."""
    shared = Fleet()
    atexit.register(shared.close)
    return shared
