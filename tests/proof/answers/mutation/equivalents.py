"""Mutants that are no mistakes, each with the reason; data, in ``tests/catalogue/equivalent-mutants.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.errors import UsageError
from proof.answers.mutation.mutants import Mutant

FILE = "tests/catalogue/equivalent-mutants.toml"


@dataclass(frozen=True)
class Equivalent:
    """Mutants that may earn all points; what is empty fits any.

    Attributes:
        why: why they may.
        cells: the solution cells.
        operators: what made them.
        was: beginnings of the lines that they have no more.
        now: beginnings of the lines that they have instead.
    """

    why: str
    cells: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()

    def fits(self, mutant: Mutant) -> bool:
        """Whether the mutant is one of these."""
        return (
            (not self.cells or mutant.cell in self.cells)
            and (not self.operators or mutant.operator in self.operators)
            and (not self.was or mutant.was.startswith(self.was))
            and (not self.now or mutant.now.startswith(self.now))
        )


_EQUIVALENTS: TypeAdapter[tuple[Equivalent, ...]] = TypeAdapter(tuple[Equivalent, ...])


def read_equivalents(root: Path) -> tuple[Equivalent, ...]:
    """The equivalent mutants of a checkout.

    Raises:
        UsageError: the data cannot be used.
    """
    path = root / FILE
    try:
        return _EQUIVALENTS.validate_python(tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"])
    except (OSError, ValueError, KeyError, ValidationError) as error:
        raise UsageError(f"{path} does not list equivalent mutants: {error}") from None
