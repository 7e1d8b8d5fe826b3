"""How alike students' own code is: every pair of a class, cell by cell, and what is usual there.

Alike is measured on words and signs in their order, without comments, blanks and the lines that were handed out: twice
what two texts have in common (the longest common subsequence), as a share of both. That says little by itself. An
exercise of a few lines has few right answers, and independent ones are often the same; so each likeness is told beside
those of all other pairs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from autograder.course.course import Course
from autograder.course.release import code_lines

FEWEST_STUDENTS, FEWEST_TOKENS = 8, 12
_MOST_PAIRS, _MOST_OF_ALL = 25, 0.1
_LONGEST = 2000  # tokens of a cell that are compared
_TOKEN = re.compile(r"\w+|[^\w\s]")
_QUANTILES = (0.5, 0.9, 0.99)

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Background:
    """How alike all pairs of a class are in one cell.

    Attributes:
        cell: its ``grade_id``.
        students: how many have enough code of their own there.
        pairs: how many pairs these make.
        quantiles: the likeness that half of the pairs, 90 and 99 in 100 do not exceed.
        same: how many pairs are the same but for comments and blanks.
        curve: for 0, 0.05 … 1 the share of pairs that are at least so alike.
    """

    cell: str
    students: int
    pairs: int
    quantiles: tuple[float, float, float]
    same: int
    curve: tuple[float, ...]


@dataclass(frozen=True)
class CellLikeness:
    """How alike two students' code is in one cell, and how many of all pairs are at least so alike there."""

    cell: str
    likeness: float
    as_alike: int
    pairs: int


@dataclass(frozen=True)
class Pair:
    """Two students, and the cells in which both have code of their own.

    Attributes:
        first: the one.
        second: the other.
        cells: how alike they are in each.
        rarity: how rare that is, for putting pairs in order: 1 for each cell in which one pair in ten is so alike.
    """

    first: str
    second: str
    cells: tuple[CellLikeness, ...]
    rarity: float


@dataclass(frozen=True)
class Similarity:
    """What a class's cells have in common: what is usual, and the pairs for whom it is least so."""

    students: int
    backgrounds: tuple[Background, ...]
    pairs: tuple[Pair, ...]


def similarity(course: Course, cells: Mapping[str, Mapping[str, str]]) -> Similarity:
    """Compare a class.

    Args:
        course: the course.
        cells: each student's solution cells by ``grade_id``, by student.
    """
    students = sorted(cells)
    given = course.release.given_lines
    rarity = np.zeros((len(students), len(students)), dtype=np.float32)
    backgrounds, compared = [], []
    for cell in dict.fromkeys(exercise.cell for exercise in course.exercises):
        texts = [own_tokens(cells[student].get(cell, ""), given) for student in students]
        places = np.array([place for place, text in enumerate(texts) if len(text) >= FEWEST_TOKENS], dtype=np.int64)
        if len(places) < FEWEST_STUDENTS:
            continue
        likeness = _likeness([texts[place] for place in places])
        ordered = np.sort(likeness[np.triu_indices(len(places), 1)])
        backgrounds.append(_background(cell, len(places), ordered))
        compared.append((cell, places, likeness, ordered))
        as_alike = len(ordered) - np.searchsorted(ordered, likeness)
        rarity[np.ix_(places, places)] += np.log10(len(ordered) / np.maximum(as_alike, 1)).astype(np.float32)
    every = len(students) * (len(students) - 1) // 2
    chosen = islice(_rarest(rarity), min(_MOST_PAIRS, int(_MOST_OF_ALL * every)))
    pairs = (_pair(students, a, b, compared, float(rarity[a, b])) for a, b in chosen)
    return Similarity(len(students), tuple(backgrounds), tuple(pairs))


def own_tokens(source: str, given: frozenset[str]) -> tuple[str, ...]:
    """The words and signs of a cell's lines that were not handed out."""
    own = (line for line in code_lines(source) if line not in given)
    return tuple(_TOKEN.findall(" ".join(own))[:_LONGEST])


def _likeness(texts: Sequence[tuple[str, ...]]) -> Floats:
    """The likeness of every two, 0 to 1."""
    numbers: dict[str, int] = {}
    numbered = [[numbers.setdefault(token, len(numbers)) for token in text] for text in texts]
    compared: Floats = cdist(numbered, numbered, scorer=Indel.normalized_similarity, dtype=np.float32)
    return compared


def _background(cell: str, students: int, ordered: Floats) -> Background:
    half, most, nearly_all = (float(np.quantile(ordered, share)) for share in _QUANTILES)
    curve = [float((ordered >= step / 20 - 1e-6).mean()) for step in range(21)]
    same = int((ordered >= 1.0).sum())
    return Background(cell, students, len(ordered), (half, most, nearly_all), same, tuple(curve))


def _rarest(rarity: Floats) -> Iterator[tuple[int, int]]:
    """Places of pairs, those first whose likeness is rarest."""
    first, second = np.triu_indices(len(rarity), 1)
    values = rarity[first, second]
    order = np.argsort(-values, kind="stable")
    return ((int(first[place]), int(second[place])) for place in order if values[place] > 0.0)


def _pair(
    students: Sequence[str], a: int, b: int, compared: Sequence[tuple[str, Places, Floats, Any]], rarity: float
) -> Pair:
    cells = []
    for cell, places, likeness, ordered in compared:
        at = {int(place): number for number, place in enumerate(places)}
        if a in at and b in at:
            alike = likeness[at[a], at[b]]
            cells.append(
                CellLikeness(cell, float(alike), int(len(ordered) - np.searchsorted(ordered, alike)), len(ordered))
            )
    return Pair(students[a], students[b], tuple(cells), rarity)
