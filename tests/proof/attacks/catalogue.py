"""The catalogue of attacks: data, one TOML file a theme."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from autograder.errors import UsageError

FOLDER = "tests/catalogue/attacks"
NO_SANDBOX = "no sandbox"
_GAP = re.compile(r"<<(\w+)>>")


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: what it is called; no two are called alike.
        tries: what it tries, in a sentence.
        theme: what it belongs to.
        source: text of a code cell; what stands in ``<<...>>`` is filled in (see ``course``).
        cell: the solution cell that the text is put into; empty for a cell of the student's own.
        after: the cell that such a cell follows; empty for the notebook's beginning.
        base: the notebook it is put into: ``stub``, ``wrong`` (every exercise answered, all of it wrong) or ``right``.
        edit: Python text that changes ``notebook``, or writes to ``path``; run by us, not by the grader.
        may_earn: points of what is legitimately right in it.
        timeout: seconds that its submission may take.
        questions: the instructor's own tests that the released notebook has besides, two points each, by their names.
        control: what shows that it would win if nothing stopped it: ``no sandbox`` where it has to win when it is
            graded without one, or the pytest node id of a test that takes down what stops it; empty for none.
    """

    name: str
    tries: str
    theme: str = ""
    source: str = ""
    cell: str = ""
    after: str = ""
    base: str = "stub"
    edit: str = ""
    may_earn: float = 0.0
    timeout: float = 8.0
    questions: Mapping[str, str] = field(default_factory=dict)
    control: str = ""

    def filled(self, places: Mapping[str, str]) -> "Attack":
        """The attack with every gap filled.

        Raises:
            KeyError: there is nothing of that name to fill it with.
        """

        def fill(text: str) -> str:
            return _GAP.sub(lambda gap: places[gap[1]], text)

        questions = {name: fill(text) for name, text in self.questions.items()}
        return replace(self, source=fill(self.source), edit=fill(self.edit), questions=questions)


_ATTACKS: TypeAdapter[tuple[Attack, ...]] = TypeAdapter(tuple[Attack, ...])
_SOURCES: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


def read_attacks(root: Path) -> tuple[Attack, ...]:
    """Every attack of a checkout, theme by theme.

    Raises:
        UsageError: the catalogue cannot be used.
    """
    attacks = tuple(attack for path in sorted((root / FOLDER).glob("*.toml")) for attack in _theme(path))
    names = [attack.name for attack in attacks]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"{root / FOLDER}: two attacks are called {twice[0]!r}")
    return attacks


def _theme(path: Path) -> Iterator[Attack]:
    data = _loaded(path)
    prelude, common = str(data.get("prelude", "")), data.get("defaults", {})
    try:
        attacks = _ATTACKS.validate_python([{"theme": data["theme"], **common, **one} for one in data["attack"]])
    except (KeyError, TypeError, ValidationError) as error:
        raise UsageError(f"{path} is no theme of attacks: {error}") from None
    for attack in attacks:
        yield replace(attack, source=f"{prelude}{attack.source}" if attack.source else "")


def wrong_answers(root: Path) -> Mapping[str, str]:
    """An answer to each exercise, by its solution cell, that earns nothing.

    Raises:
        UsageError: there are none.
    """
    return _SOURCES.validate_python(_loaded(root / FOLDER / "answers" / "wrong.toml"))


def _loaded(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
