"""What to tell an instructor about each misconception: TOML files beside the texts, read only when they are asked for.

A file explains keys under ``why``; ``also`` names folders whose file explains what an exercise shares with others. The
file in this folder holds for every exercise.
"""

import tomllib
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.exercises.definition import Exercise

_ROOT = Path(__file__).parent
_FILE = "explanations.toml"


@dataclass(frozen=True)
class Explanations:
    """One file.

    Attributes:
        why: the explanations, by the misconception's key.
        also: folders whose explanations are to be taken for other keys.
    """

    why: Mapping[str, str]
    also: tuple[str, ...]


@cache
def read(folder: str = "") -> Explanations:
    """The file of a folder beside this module, such as ``kl``; without a name, that of every exercise."""
    data = tomllib.loads((_ROOT / folder / _FILE).read_text(encoding="utf-8"))
    return Explanations({key: " ".join(text.split()) for key, text in data["why"].items()}, tuple(data.get("also", ())))


def explanations(exercise: Exercise) -> Mapping[str, str]:
    """The explanation of each of an exercise's misconceptions, by key; one that has none is missing."""
    own = read(exercise.key)
    known = ChainMap(*(dict(file.why) for file in (own, *map(read, own.also), read())))
    return {one.key: known[one.key] for one in exercise.misconceptions if one.key in known}
