"""Autograder for guided deep-learning notebooks, and its course "Building Autoencoders with PyTorch".

The way of the data, and the package that each step lives in:

    course                  what a course is: the one seam between all these and ``autoencoders``, the course itself
    read      submissions   a class's files, each notebook against the released one
    run       engine        its cells in a process of their own
    observe   instruments   what the code does with a probe
    judge     judging       what that means, in NumPy, away from the code
    report    reports       results as files, cards, tables and pages

``notebook``, ``cli`` and ``nbgrader`` are three ways in. ``teaching`` and ``datasets`` are what notebooks import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.notebook import check, drill, facts, hint, progress

__all__ = ["check", "drill", "facts", "hint", "progress"]


def __getattr__(name: str) -> Any:
    # The notebook side imports torch; the command line starts without it.
    if name in __all__:
        return getattr(import_module("autograder.notebook"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
