"""How points, statuses and messages are put into words and signs, wherever they are shown."""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from autograder.judging.verdicts import NOT_LOOKED_AT, CheckResult, Status

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Look:
    """How a status is shown.

    Attributes:
        words: on cards.
        short: in a table's legend.
        sign: one character.
        style: its colour on a terminal.
        tone: its colour on a page, as ``#rrggbb``.
    """

    words: str
    short: str
    sign: str
    style: str
    tone: str


_BEGINNING = NOT_LOOKED_AT.partition(":")[0]
_GREEN, _AMBER, _RED, _BLUE, _GREY = "#1a7f37", "#9a6700", "#cf222e", "#0969da", "#57606a"

LOOKS = {
    Status.PASSED: Look("all right", "right", "✓", "green", _GREEN),
    Status.PARTIAL: Look("partly right", "partly", "◐", "yellow", _AMBER),
    Status.FAILED: Look("not right yet", "wrong", "✗", "red", _RED),
    Status.ERROR: Look("stopped with an error", "error", "!", "red", _RED),
    Status.TIMEOUT: Look("took too long", "too slow", "◷", "red", _RED),
    Status.NOT_ATTEMPTED: Look("not attempted yet", "not attempted", "·", "dim", _GREY),
    Status.REVIEW: Look("not decided here: your teacher sees it", "look first", "?", "blue", _BLUE),
}


_CHECK_LOOKS = {
    "right": Look("right", "right", "✓", "green", _GREEN),
    "partly": Look("partly", "partly", "◐", "yellow", _AMBER),
    "open": Look("open", "open", "–", "dim", _GREY),
    "wrong": Look("not yet", "not yet", "✗", "red", _RED),
}


def check_look(check: CheckResult) -> Look:
    """How one check is shown: ``open`` where another mistake was in the way of looking at it."""
    if check.passed:
        return _CHECK_LOOKS["right"]
    if check.message.startswith(_BEGINNING):
        return _CHECK_LOOKS["open"]
    return _CHECK_LOOKS["partly" if check.points else "wrong"]


def check_title(check: CheckResult, title: str) -> str:
    """A check's title, with what its message would say where that is the same everywhere."""
    return f"{title} (not looked at)" if check.message == NOT_LOOKED_AT else title


def check_message(check: CheckResult) -> str:
    """What is said below the title."""
    return "" if check.message == NOT_LOOKED_AT else check.message


def points(value: float) -> str:
    """Points as short as they go: ``2``, ``1.5``, ``0.25``."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def marked(text: str) -> Markup:
    """Plain text as HTML, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(shown_plainly(text)))))


# What nobody sees, or sees elsewhere than it stands: controls, marks of direction, halves of characters.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def shown_plainly(text: str) -> str:
    """The text with what cannot be seen in it spelt out, such as ``⟨202E⟩`` for a mark that turns what follows."""
    return _UNSEEN.sub(lambda match: f"⟨{ord(match[0]):02X}⟩", text)


@cache
def templates() -> "Environment":
    """The Jinja2 environment for the HTML templates; everything is escaped."""
    # A notebook imports this module before it shows anything.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("autograder.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters.update(points=points, marked=marked, plain=shown_plainly)
    environment.globals.update(LOOKS=LOOKS, check_look=check_look, check_title=check_title, check_message=check_message)
    return environment
