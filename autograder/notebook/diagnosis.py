"""``facts``: what a teacher wants to know when something is odd."""

import platform
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.course.installed import own_course
from autograder.machine import devices, files, versions
from autograder.notebook import boxes, kernel
from autograder.notebook.overwritten import describe, overwritten
from autograder.notebook.saved_notebook import path_of


def facts() -> None:
    """Show facts about this machine and this notebook, to go with a question."""
    names = kernel.names()
    lines = [*_of_machine(), *_of_notebook(names)]
    width = max(len(name) for name, _ in lines)
    text = "\n".join(f"{name:<{width}}  {said}" for name, said in lines)
    kernel.show(boxes.facts_html(text), text)


def _of_machine() -> Iterator[tuple[str, str]]:
    yield "system", f"{platform.system()} {platform.release()}, {platform.machine()}"
    for fact in (*versions(own_course()), *files(own_course()), *devices()):
        yield fact.name, fact.text
    yield "kernel", sys.executable
    yield "folder", str(Path.cwd())


def _of_notebook(names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "this notebook", str(path_of(names) or "not known from the front end")
    yield "device", str(names.get("device", "not chosen yet: the first cell has not run"))
    for name in dict.fromkeys(known.name for known in own_course().exercises):
        yield name, describe(names[name]) if name in names else "not there"
    for lost in overwritten(names):
        yield lost.name, f"overwritten, now {lost.now} (`{lost.mended}` brings it back)"
    error = getattr(sys, "last_value", None)
    yield "last error", f"{type(error).__name__}: {str(error)[:300]}" if error is not None else "none"
