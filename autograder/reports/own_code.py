"""A student's own cell as a page shows it: coloured, numbered, and marked where something is to be seen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup

from autograder.course.exercise import Exercise
from autograder.course.release import code_lines
from autograder.judging.failures import printable
from autograder.judging.verdicts import CheckResult
from autograder.reports.wording import shown_plainly

_NAMED_LINE = re.compile(r"\b[Ll]ine (\d{1,6}): `([^`]{1,400})`")
_QUOTE = 80  # as long as messages quote a line
_MOST_LINES, _LONGEST_LINE, _AROUND = 120, 300, 5


@dataclass(frozen=True)
class Line:
    """One line of a cell.

    Attributes:
        number: its number in the cell.
        code: its text, coloured.
        marked: why it is marked: ``stopped`` where a message names it, ``about`` where a check is about such lines.
    """

    number: int
    code: Markup
    marked: str = ""


@dataclass(frozen=True)
class Marks:
    """Which lines of a cell to point to.

    Attributes:
        stopped: those that messages name.
        about: those that checks which failed are about, as far as their text tells.
    """

    stopped: frozenset[int] = frozenset()
    about: frozenset[int] = frozenset()


def marks(exercise: Exercise, failed: Sequence[CheckResult], source: str, given: frozenset[str]) -> Marks:
    """Which lines of a cell the checks that failed point to; lines that were handed out are not marked.

    Args:
        exercise: the exercise.
        failed: the checks.
        source: the cell's text.
        given: the code lines that were handed out, stripped.
    """
    lines = source.splitlines()
    stopped = {number for check in failed for number in _named(check.message, lines)}
    if stopped:
        return Marks(frozenset(stopped))
    patterns = [re.compile(pattern) for check in failed if (pattern := exercise.check(check.key).lines)]
    about = {
        number
        for number, line in enumerate(lines, 1)
        if (own := without_comment(line)) and own not in given and any(one.search(own) for one in patterns)
    }
    return Marks(about=frozenset(about))


def excerpt(source: str, marked: Marks) -> tuple[Line | None, ...]:
    """The marked lines of a cell with those around them, ``None`` for what is left out; all of it where none is."""
    lines = source.splitlines()
    to_see = marked.stopped | marked.about
    near = {number + step for number in to_see for step in range(-_AROUND, _AROUND + 1)}
    chosen = [number for number in range(1, len(lines) + 1) if not to_see or number in near][:_MOST_LINES]
    code = _coloured(tuple(shown_plainly(lines[number - 1][:_LONGEST_LINE]) for number in chosen))
    coloured = dict(zip(chosen, code, strict=True))
    parts: list[Line | None] = []
    for before, number in zip([0, *chosen], chosen, strict=False):
        if number != before + 1:
            parts.append(None)
        why = "stopped" if number in marked.stopped else "about" if number in marked.about else ""
        parts.append(Line(number, coloured[number], why))
    return (*parts, None) if chosen and chosen[-1] < len(lines) else tuple(parts)


def named_lines(message: str) -> tuple[str, ...]:
    """The lines of code that a message quotes."""
    return tuple(text for _, text in _NAMED_LINE.findall(message))


def without_comment(line: str) -> str:
    """A line of code alone, as ``Release.given_lines`` has them."""
    return line.split("#")[0].strip()


def _named(message: str, lines: Sequence[str]) -> Iterator[int]:
    """The numbers of the lines that a message quotes, where they are those of this cell."""
    for number, text in _NAMED_LINE.findall(message):
        place = int(number)
        if 0 < place <= len(lines) and printable(lines[place - 1], _QUOTE) == text:
            yield place


@lru_cache(maxsize=4096)  # a class has many lines in common
def _coloured(lines: tuple[str, ...]) -> tuple[Markup, ...]:
    """Each line, escaped, with its words in colours. Only what is shown is read: that takes longest of a page."""
    from pygments import highlight  # only pages need it

    html = highlight("\n".join(lines), *_python_to_html())
    coloured = html.split("\n")  # empty lines at the end may be missing
    return tuple(Markup(line) for line in [*coloured, *[""] * len(lines)][: len(lines)])


@cache
def _python_to_html() -> tuple[Any, Any]:
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)


@lru_cache(maxsize=1 << 16)  # asked for each mistake again
def own_lines(source: str, pattern: str, given: frozenset[str]) -> tuple[str, ...]:
    """A student's own lines of code that fit a pattern; all own ones where there is no pattern."""
    return tuple(line for line in code_lines(source) if line not in given and re.search(pattern, line))
