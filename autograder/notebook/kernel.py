"""The kernel that a notebook runs in: its names, and showing things in it."""

import sys
from functools import cache
from typing import Any

import torch

from autograder.course.course import Course
from autograder.course.exercise import Exercise
from autograder.course.installed import own_course
from autograder.errors import NotReady
from autograder.instruments.calling import Workspace
from autograder.notebook.runs import Checked, Runs, watch
from autograder.notebook.saved_notebook import SavedNotebook, path_of


def shell() -> Any:
    """IPython's shell; ``None`` outside of IPython, which is not imported to find out."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def names() -> dict[str, Any]:
    """The notebook's names."""
    found: dict[str, Any] = sys.modules["__main__"].__dict__ if (running := shell()) is None else running.user_ns
    return found


def workspace(course: Course) -> Workspace:
    """The notebook's names, ready for calling what they stand for."""
    usable = _is_cuda(names().get("device")) and torch.cuda.is_available()
    noted = runs()
    renamed = {} if noted is None else {old: new for old, new in noted.renamed.items() if new in names()}
    device = "cuda" if usable else "cpu"
    return Workspace(names(), given=course.release.given_lines, device=device, renamed=renamed)


@cache
def runs() -> Runs | None:
    """The runs of the kernel's cells since this was first called; ``None`` outside IPython."""
    running = shell()
    return None if running is None else watch(running, {known.name for known in own_course().exercises})


def checked(known: Exercise) -> Checked | None:
    """Which run an exercise is checked on, as far as that is known."""
    running, noted = shell(), runs()
    if running is None or noted is None:
        return None
    return noted.checked(known, running.user_ns, number_of_this_run(), saved_notebook())


def saved_notebook() -> SavedNotebook | None:
    """The notebook's file; ``None`` where the front end does not say which it is."""
    path = path_of(names())
    return None if path is None else SavedNotebook(path, own_course().release)


def number_of_this_run() -> int:
    """What will stand in brackets beside the cell that is running."""
    # Newer versions of IPython count before they run, older ones after it; every run's text is kept under its number.
    return len(shell().history_manager.input_hist_parsed) - 1


def _is_cuda(device: object) -> bool:
    return str(device).startswith("cuda")


@cache
def go_on_after_cells_that_are_not_ready() -> None:
    """Have *Run All Cells* go on below a cell that stops because something above it is missing; its line is shown."""
    if (running := shell()) is None:
        return

    def say(_shell: Any, _kind: Any, error: BaseException, _trace: Any, tb_offset: Any = None) -> None:  # noqa: ARG001
        from autograder.notebook import boxes

        show(boxes.note_html(f"Stopped: {error}"), f"Stopped: {error}")

    def forgive(result: Any) -> None:
        if isinstance(result.error_in_exec, NotReady):
            result.error_in_exec = None

    running.set_custom_exc((NotReady,), say)
    running.events.register("post_run_cell", forgive)


def show(html: str, text: str) -> Any:
    """Show a card as HTML, or as plain text where the front end has no HTML.

    Returns:
        where it stands, for ``show_again``; ``None`` outside IPython.
    """
    if shell() is None:
        print(text)  # noqa: T201
        return None
    from IPython.display import display

    return display({"text/html": html, "text/plain": text}, raw=True, display_id=True)


def show_again(place: Any, html: str, text: str) -> None:
    """Show something else in the place of what was shown."""
    place.update({"text/html": html, "text/plain": text}, raw=True)
