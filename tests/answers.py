"""The catalogue of answers in ``tests/catalogue``: one TOML file an exercise, right answers and named wrong ones."""

import linecache
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.exercises.catalogue import KEYS

CATALOGUE = Path(__file__).parent / "catalogue"
GAP = re.compile(r"^(?P<indent> *)<<(?P<name>\w+)>>$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        exercise: the exercise it answers.
        name: what is right or wrong about it.
        source: the solution cell's text.
        right: whether it earns full points.
        expect: the misconceptions that have to be named.
        points: what it earns; ``None`` where only less than all is asked for.
        only_on: the device on which it is wrong; empty for both.
    """

    exercise: str
    name: str
    source: str
    right: bool
    expect: tuple[str, ...] = ()
    points: float | None = None
    only_on: str = ""

    def __str__(self) -> str:
        return f"{self.exercise}: {self.name}"


def answers() -> list[Answer]:
    """Every answer of the catalogue."""
    return [answer for key in KEYS for answer in _read(CATALOGUE / f"{key}.toml")]


def _read(path: Path) -> list[Answer]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    found = []
    for kind in ("right", "wrong"):
        for case in data[kind]:
            source = case.get("source") or _filled(data["template"], {**data["gaps"], **case})
            found.append(
                Answer(
                    exercise=data["exercise"],
                    name=case["name"],
                    source=source,
                    right=kind == "right",
                    expect=tuple(case.get("expect", ())),
                    points=case.get("points"),
                    only_on=case.get("only_on", ""),
                )
            )
    return found


def _filled(template: str, gaps: Mapping[str, Any]) -> str:
    """The template with each gap's text in its place, indented as the gap is."""

    def fill(match: re.Match[str]) -> str:
        lines = str(gaps[match["name"]]).strip("\n").splitlines()
        return "\n".join(match["indent"] + line for line in lines)

    return GAP.sub(fill, template)


def namespace(source: str, name: str = "<answer>") -> dict[str, Any]:
    """The names that a notebook has after its imports and this cell."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(
        "import torch, numpy as np, matplotlib.pyplot as plt\n"
        "import torch.nn as nn, torch.nn.functional as F\n"
        "device = 'cuda' if torch.cuda.is_available() else 'cpu'\n",
        names,
    )
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec", dont_inherit=True), names)
    return names
