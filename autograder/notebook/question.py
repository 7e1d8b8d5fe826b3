"""``facts``: what a teacher wants to know when something is odd."""

import inspect
import platform
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.exercises.catalogue import EXERCISES
from autograder.machine import devices, files, versions
from autograder.notebook import card, kernel
from autograder.notebook.runs import notebook_of

# Names that the notebook's cells count on, and where each comes from.
_IMPORTED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("check", "hint", "progress"), "autograder"),
        "torch": "torch",
        "nn": "torch.nn",
        "F": "torch.nn.functional",
        "np": "numpy",
        "plt": "matplotlib.pyplot",
    }
)


def facts() -> None:
    """Show facts about this machine and this notebook, to go with a question."""
    names = kernel.names()
    lines = [*_of_machine(), *_of_notebook(names)]
    width = max(len(name) for name, _ in lines)
    text = "\n".join(f"{name:<{width}}  {said}" for name, said in lines)
    kernel.show(card.facts_html(text), text)


def _of_machine() -> Iterator[tuple[str, str]]:
    yield "system", f"{platform.system()} {platform.release()}, {platform.machine()}"
    for fact in (*versions(), *files(), *devices()):
        yield fact.name, fact.text
    yield "kernel", sys.executable
    yield "folder", str(Path.cwd())


def _of_notebook(names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "this notebook", str(notebook_of(names) or "not told by the front end")
    yield "device", str(names.get("device", "not chosen yet: the first cell has not run"))
    for name in dict.fromkeys(known.name for known in EXERCISES):
        yield name, _told(names[name]) if name in names else "not there"
    for name, origin in _IMPORTED.items():
        if name in names and not _is_from(names[name], origin):
            yield name, f"overwritten, now {_told(names[name])} (`{_mended(name, origin)}` brings it back)"
    error = getattr(sys, "last_value", None)
    yield "last error", f"{type(error).__name__}: {str(error)[:300]}" if error is not None else "none"


def _told(value: object) -> str:
    return "a class" if inspect.isclass(value) else f"of type {type(value).__name__}"


def _is_from(value: object, origin: str) -> bool:
    if inspect.ismodule(value):
        return value.__name__ == origin
    return str(getattr(value, "__module__", "")).startswith(f"{origin}.")


def _mended(name: str, origin: str) -> str:
    if origin == "autograder":
        return f"from autograder import {name}"
    return f"import {origin}" if name == origin else f"import {origin} as {name}"
