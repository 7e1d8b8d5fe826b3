"""The kernel that a notebook runs in: its names, and showing things in it."""

import sys
from functools import cache
from typing import Any

import torch
from IPython import get_ipython
from IPython.display import display

from autograder.course.course import Course
from autograder.course.exercise import Exercise
from autograder.course.installed import own_course
from autograder.instruments.calling import Workspace
from autograder.notebook.runs import Checked, Runs, notebook_of, watch


def names() -> dict[str, Any]:
    """The notebook's names."""
    shell = get_ipython()
    found: dict[str, Any] = sys.modules["__main__"].__dict__ if shell is None else shell.user_ns
    return found


def workspace(course: Course) -> Workspace:
    """The notebook's names, ready for calling what they stand for."""
    usable = _is_cuda(names().get("device")) and torch.cuda.is_available()
    return Workspace(names(), given=course.release.given_lines, device="cuda" if usable else "cpu")


@cache
def runs() -> Runs | None:
    """The runs of the kernel's cells since this was first called; ``None`` outside IPython."""
    shell = get_ipython()
    return None if shell is None else watch(shell, {known.name for known in own_course().exercises})


def checked(known: Exercise) -> Checked | None:
    """Which run an exercise is checked on, as far as that is known."""
    shell, noted = get_ipython(), runs()
    if shell is None or noted is None:
        return None
    return noted.checked(known, shell.user_ns, shell.execution_count, notebook_of(shell.user_ns))


def _is_cuda(device: object) -> bool:
    return str(device).startswith("cuda")


def show(html: str, text: str) -> None:
    """Show a card as HTML, or as plain text where the front end has no HTML."""
    if get_ipython() is None:
        print(text)  # noqa: T201
    else:
        display({"text/html": html, "text/plain": text}, raw=True)
