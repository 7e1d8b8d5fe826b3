"""The page that lists every misconception for instructors, in Markdown: ``docs/misconceptions.md`` in the checkout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course.course import Course
from autograder.course.exercise import EVERY_CHECK, Exercise, Kind, Misconception
from autograder.course.installed import own_course
from autograder.course.notebook_diff import diff
from autograder.reports.wording import points

PAGE = Path("docs") / "misconceptions.md"
_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Entry:
    """One misconception as the page shows it.

    Attributes:
        known: the misconception.
        message: what the student reads, with ⟨gaps⟩.
        cost: what it costs, in words.
        hint: the hint that helps, 0 where none is needed.
    """

    known: Misconception
    message: str
    cost: str
    hint: int


@dataclass(frozen=True)
class Price:
    """All mistakes of an exercise that cost the same.

    Attributes:
        points: what they cost, most often or at most.
        share: that, of the exercise's points, 0 to 1.
        keys: their keys, in the order in which the page explains them.
    """

    points: float
    share: float
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One exercise, the misconceptions of its own, and what they cost, the costliest first."""

    exercise: Exercise
    entries: tuple[Entry, ...]
    prices: tuple[Price, ...]


def page(course: Course) -> str:
    """The page; the same misconceptions always make the same page."""
    shared = shared_keys(course)
    parts = tuple(_part(exercise, shared) for exercise in course.exercises)
    first = course.exercises[0]
    everywhere = [_entry(one, _cost_anywhere(one)) for one in first.misconceptions if one.key in shared]
    # Markdown of our own texts: escaping is for HTML.
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=False,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["points"] = points
    count = len(everywhere) + sum(len(part.entries) for part in parts)
    return environment.get_template("misconceptions.md.j2").render(parts=parts, shared=everywhere, count=count)


def difference(folder: Path) -> str:
    """How the page in a folder differs from what the misconceptions make, as a unified diff.

    Empty where it does not, or where the folder is not the checkout whose misconceptions it lists.
    """
    path = folder / PAGE
    if folder.resolve() != _CHECKOUT:
        return ""
    committed = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return diff(committed, page(own_course()), str(path), "made from the exercises' misconceptions")


def write(folder: Path) -> tuple[Path, ...]:
    """Write the page where it belongs and has changed; the files written."""
    if not difference(folder):
        return ()
    path = folder / PAGE
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(own_course()), encoding="utf-8", newline="\n")
    return (path,)


def shared_keys(course: Course) -> frozenset[str]:
    """Keys of the misconceptions that every exercise of the course has; none where there is one exercise."""
    keys = [frozenset(one.key for one in exercise.misconceptions) for exercise in course.exercises]
    return frozenset.intersection(*keys) if len(keys) > 1 else frozenset()


def with_gaps(message: str) -> str:
    """The message with its fields as they stand on the page: ``{got:.2g}`` becomes ``⟨got⟩``."""
    return "".join(
        text + (f"⟨{name}⟩" if name is not None else "") for text, name, _, _ in Formatter().parse(message)
    ).strip()


def _part(exercise: Exercise, shared: frozenset[str]) -> Part:
    own = [one for one in exercise.misconceptions if one.key not in shared]
    return Part(exercise, tuple(_entry(one, _cost(exercise, one)) for one in own), tuple(_prices(exercise, own)))


def _prices(exercise: Exercise, own: Sequence[Misconception]) -> Iterator[Price]:
    for cost in sorted({exercise.cost(one.key) for one in own}, reverse=True):
        keys = tuple(one.key for one in own if exercise.cost(one.key) == cost)
        yield Price(cost, exercise.share(keys[0]), keys)


def _entry(one: Misconception, cost: str) -> Entry:
    return Entry(one, with_gaps(one.message), cost, 0 if one.kind is Kind.NOTE else one.hint)


def _cost(exercise: Exercise, one: Misconception) -> str:
    if one.kind is Kind.NOTE:
        return "Costs nothing: a note beside full marks"
    most, whole = points(exercise.cost(one.key)), points(exercise.max_points)
    up_to = "up to " if one.hides else ""
    share = f"{100 * exercise.share(one.key):.0f} %"
    return f"Costs {up_to}{most} of {whole} points ({share}){_until_reviewed(one)}"


def _cost_anywhere(one: Misconception) -> str:
    if one.hides != EVERY_CHECK:
        raise ValueError(f"{one.key}: what every exercise shares may cost all of it")
    return f"Costs up to all of the exercise's points{_until_reviewed(one)}"


def _until_reviewed(one: Misconception) -> str:
    return ", until a person has looked at it" if one.kind is Kind.REVIEW else ""
