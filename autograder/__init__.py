"""Autograder for the guided notebook "Building Autoencoders with PyTorch".

The way of the data, and the package that each step lives in:

    read       reading     a student's notebook against the released one
    run        engine      its cells in a process of their own
    observe    exercises/*/observe, observing     what the code does with a probe
    judge      exercises/*/judge, oracle          what that means, in NumPy, away from the code
    report     reports     results as files, pages and tables

``exercises`` holds one folder for each exercise. ``notebook`` is what students call in Jupyter, ``teaching`` what the
notebook's given cells count on, ``course`` makes the students' notebook, ``nbgrader`` has nbgrader grade with the
engine, ``datasets`` holds the digits, ``cli`` the command line, and ``verify`` puts the grader to the proof.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.notebook import check, drill, facts, hint, progress

__all__ = ["check", "drill", "facts", "hint", "progress"]


def __getattr__(name: str) -> Any:
    # The notebook side imports torch; the command line starts without it.
    if name in __all__:
        from autograder import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
