"""Pairs of students to look at, their code side by side, and how alike all others are: a page for the instructor."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from autograder.course.chart import Chart, Layer
from autograder.course.course import Course
from autograder.judging.failures import printable
from autograder.reports.chart import svg
from autograder.reports.own_code import Line, Marks, excerpt, without_comment
from autograder.reports.similarity import (
    FEWEST_STUDENTS,
    FEWEST_TOKENS,
    Background,
    CellLikeness,
    Pair,
    Similarity,
)
from autograder.reports.wording import shown_plainly, templates

_LONGEST_NAME = 80
_SHOWN_CELLS = 3


@dataclass(frozen=True)
class SideBySide:
    """A cell of two students; lines of their own that are the same in both are marked."""

    alike: CellLikeness
    title: str
    left: tuple[Line | None, ...]
    right: tuple[Line | None, ...]


@dataclass(frozen=True)
class ShownPair:
    """A pair as the page shows it: with the cells in which the two are alike more than most."""

    pair: Pair
    first: str
    second: str
    cells: tuple[SideBySide, ...]


def similarity_page(course: Course, found: Similarity, cells: Mapping[str, Mapping[str, str]]) -> str:
    """The page.

    Args:
        course: the course.
        found: what the class's cells have in common.
        cells: each student's solution cells by ``grade_id``, by student.
    """
    titles = _titles(course)
    return (
        templates()
        .get_template("similar.html.j2")
        .render(
            course=course,
            found=found,
            titles=titles,
            curves=[(one, svg(_curve(one, titles[one.cell]))) for one in found.backgrounds],
            pairs=[_shown(course, pair, cells, titles) for pair in found.pairs],
            fewest=FEWEST_STUDENTS,
            shortest=FEWEST_TOKENS,
        )
    )


def _titles(course: Course) -> dict[str, str]:
    """What each solution cell is called: after its exercises."""
    titles: dict[str, str] = {}
    for exercise in course.exercises:
        known = titles.get(exercise.cell)
        titles[exercise.cell] = f"{known}, {exercise.title}" if known else exercise.title
    return titles


def _curve(background: Background, title: str) -> Chart:
    half, most, _ = background.quantiles
    steps = [step / 20 for step in range(21)]
    return Chart(
        caption=f"{title}: the share of pairs that are at least so alike.",
        alt=f"{title}: half of the pairs are more than {half:.0%} alike, one in ten more than {most:.0%}.",
        x="likeness",
        y="share of pairs",
        layers=(Layer("", steps, background.curve, "line"),),
        shown=(0.0, 1.05),
    )


def _shown(course: Course, pair: Pair, cells: Mapping[str, Mapping[str, str]], titles: Mapping[str, str]) -> ShownPair:
    rarest = sorted(pair.cells, key=lambda one: one.as_alike / one.pairs)[:_SHOWN_CELLS]
    both = cells[pair.first], cells[pair.second]
    return ShownPair(
        pair,
        _name(pair.first),
        _name(pair.second),
        tuple(_side_by_side(course, one, titles[one.cell], both[0][one.cell], both[1][one.cell]) for one in rarest),
    )


def _side_by_side(course: Course, alike: CellLikeness, title: str, left: str, right: str) -> SideBySide:
    given = course.release.given_lines
    own = [{code for line in text.splitlines() if (code := without_comment(line)) and code not in given}
           for text in (left, right)]  # fmt: skip
    same = own[0] & own[1]
    return SideBySide(alike, title, *(_marked(text, same) for text in (left, right)))


def _marked(source: str, same: set[str]) -> tuple[Line | None, ...]:
    about = {number for number, line in enumerate(source.splitlines(), 1) if without_comment(line) in same}
    return excerpt(source, Marks(about=frozenset(about)))


def _name(student: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(shown_plainly(printable(student, _LONGEST_NAME)) or "?")
