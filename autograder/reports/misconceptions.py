"""The page that lists every misconception for instructors, in Markdown."""

from dataclasses import dataclass
from string import Formatter

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.exercises import common
from autograder.exercises.catalogue import EXERCISES
from autograder.exercises.definition import EVERY_CHECK, Exercise, Kind, Misconception
from autograder.exercises.explanations import explanations
from autograder.reports.wording import points


@dataclass(frozen=True)
class Entry:
    """One misconception as the page tells it.

    Attributes:
        key: its name within the exercise.
        check: the check that it belongs to.
        message: what the student reads.
        cost: what it costs, in words.
        hint: the hint that helps, 0 where none is needed.
        why: what is behind it.
    """

    key: str
    check: str
    message: str
    cost: str
    hint: int
    why: str


@dataclass(frozen=True)
class Part:
    """One exercise and the misconceptions of its own."""

    exercise: Exercise
    entries: tuple[Entry, ...]


def page() -> str:
    """The page; the same texts always make the same page."""
    every = {one.key for one in common.misconceptions("")}
    parts = tuple(_part(exercise, every) for exercise in EXERCISES)
    first = EXERCISES[0]
    shared = [_entry(first, one, _cost_anywhere(one)) for one in first.misconceptions if one.key in every]
    # Markdown of our own texts: escaping is for HTML.
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=False,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["points"] = points
    count = len(shared) + sum(len(part.entries) for part in parts)
    return environment.get_template("misconceptions.md.j2").render(parts=parts, shared=shared, count=count)


def with_gaps(message: str) -> str:
    """The message with its fields as they stand on the page: ``{got:.2g}`` becomes ``⟨got⟩``."""
    return "".join(
        text + (f"⟨{name}⟩" if name is not None else "") for text, name, _, _ in Formatter().parse(message)
    ).strip()


def _part(exercise: Exercise, elsewhere: set[str]) -> Part:
    own = [one for one in exercise.misconceptions if one.key not in elsewhere]
    return Part(exercise, tuple(_entry(exercise, one, _cost(exercise, one)) for one in own))


def _entry(exercise: Exercise, one: Misconception, cost: str) -> Entry:
    hint = 0 if one.kind is Kind.NOTE else one.hint
    return Entry(one.key, one.check, with_gaps(one.message), cost, hint, explanations(exercise)[one.key])


def _cost(exercise: Exercise, one: Misconception) -> str:
    if one.kind is Kind.NOTE:
        return "Costs nothing: a note beside full marks"
    most, whole = points(exercise.cost(one.key)), points(exercise.max_points)
    up_to = "up to " if one.hides else ""
    share = f"{100 * exercise.share(one.key):.0f} %"
    return f"Costs {up_to}{most} of {whole} points ({share}){_until_seen(one)}"


def _cost_anywhere(one: Misconception) -> str:
    if one.hides != EVERY_CHECK:
        raise ValueError(f"{one.key}: what every exercise shares may cost all of it")
    return f"Costs up to all of the exercise's points{_until_seen(one)}"


def _until_seen(one: Misconception) -> str:
    return ", until a person has looked at it" if one.kind is Kind.DOUBT else ""
