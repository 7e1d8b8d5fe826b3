from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from answers import namespace
from ids import readable_answers

from autograder.autoencoders.course import AUTOENCODERS
from autograder.instruments.calling import Workspace
from autograder.notebook import checking, drilling, hints, kernel


@dataclass
class Notebook:
    """A notebook's names, and the cards that were shown in it."""

    names: dict[str, Any]
    cards: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Notebook]:
    """Makes a notebook in which one cell has run; ``check`` and its kind then work on it."""

    def make(source: str) -> Notebook:
        made = Notebook(namespace(source))
        workspace = Workspace(made.names, given=AUTOENCODERS.release.given_lines)
        monkeypatch.setattr(kernel, "workspace", lambda _course: workspace)
        monkeypatch.setattr(kernel, "names", lambda: made.names)
        monkeypatch.setattr(kernel, "show", lambda html, text: made.cards.append((html, text)))
        hints._opened.cache_clear()
        checking._latest.cache_clear()
        checking._points.cache_clear()
        drilling._places.cache_clear()
        return made

    assert checking.kernel is kernel
    return make


@pytest.fixture
def answer() -> Callable[[str, str], str]:
    """The source of an answer in the catalogue, by exercise and name."""
    known = {(one.exercise, one.name): one.source for one in readable_answers()}
    return lambda exercise, name: known[exercise, name]
