"""One exercise's card, as HTML for notebooks and pages and as plain text."""

from collections.abc import Callable
from dataclasses import dataclass

from autograder.course.error_help import ErrorHelp, help_with_mistake
from autograder.course.exercise import Exercise
from autograder.course.lessons import Way
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status
from autograder.reports.wording import LOOKS, points, templates


@dataclass(frozen=True)
class Offer:
    """A call of ``hint``.

    Attributes:
        key: the exercise's.
        level: the hint; ``None`` where the next one will do.
        does: what it does, in words.
    """

    key: str
    level: int | None
    does: str

    @property
    def call(self) -> str:
        """The call, as it is typed."""
        return f'hint("{self.key}")' if self.level is None else f'hint("{self.key}", {self.level})'


@dataclass(frozen=True)
class Card:
    """What a card says.

    Attributes:
        exercise: the exercise.
        result: what was found.
        warnings: why that may not be what the student has in mind.
        checked: which run of a cell was judged, in words; empty where that is not known.
        has_drill: whether there is a drill to offer after a right answer.
        ways: other ways to write it, told after a right answer.
    """

    exercise: Exercise
    result: ExerciseResult
    warnings: tuple[str, ...] = ()
    checked: str = ""
    has_drill: bool = False
    ways: tuple[Way, ...] = ()

    @property
    def head(self) -> str:
        """Status and points, on one line."""
        result = self.result
        words = LOOKS[result.status].words
        return f"{result.title}: {words}, {points(result.points)} of {points(result.max_points)}"

    @property
    def sections(self) -> tuple[str, ...]:
        """Headings of the notebook's sections that teach what has a named mistake in it, each once."""
        named = (check for check in self.result.checks if not check.passed and check.misconception)
        sections = (self.exercise.check(check.key).section for check in named)
        return tuple(dict.fromkeys(section or self.exercise.section for section in sections))

    @property
    def offer(self) -> Offer | None:
        """The hint that helps with the first named mistake, from which others may follow; ``None`` where none is."""
        key = self.result.key
        if error_help(self.result) is not None:
            return Offer(key, None, "shows how such a mistake is found")
        named = mistakes(self.result)
        return Offer(key, self.exercise.misconception(named[0]).hint, "may help") if named else None

    @property
    def was_attempted(self) -> bool:
        """Whether there is anything to say about the checks."""
        return self.result.status is not Status.NOT_ATTEMPTED


def mistakes(result: ExerciseResult) -> tuple[str, ...]:
    """The names of the mistakes in an answer."""
    return tuple(check.misconception for check in result.checks if not check.passed and check.misconception)


def error_help(result: ExerciseResult) -> ErrorHelp | None:
    """Help with the first mistake of Python in an answer; ``None`` where it has none."""
    return next(filter(None, map(help_with_mistake, mistakes(result))), None)


def in_notebook(heading: str) -> str:
    """Where JupyterLab and nbconvert jump to for a heading; JupyterLab finds it only where nothing is encoded."""
    return "#" + heading.replace(" ", "-")


def nowhere(_heading: str) -> str:
    """No place to jump to, on a page without the notebook."""
    return ""


def html(card: Card, place: Callable[[str], str] = in_notebook) -> str:
    """The card as HTML, for notebooks and pages.

    Args:
        card: what it says.
        place: where a heading of the notebook lies on the page.
    """
    return (
        templates()
        .get_template("card.html.j2")
        .render(
            card=card,
            result=card.result,
            look=LOOKS[card.result.status],
            titles={check.key: check.title for check in card.exercise.checks},
            sections={section: place(section) for section in card.sections},
        )
    )


def text(card: Card) -> str:
    """The card as plain text, in which a hint is offered only where one of them fits what was seen."""
    result = card.result
    lines = [card.head, *(f"  Note: {warning}" for warning in card.warnings)]
    if card.was_attempted:
        lines += [_line(card.exercise, check) for check in result.checks]
        if card.sections:
            lines.append(f"  To reread: {'; '.join(card.sections)}")
        if card.offer is not None:
            lines.append(f"  Stuck? {card.offer.call} {card.offer.does}; hints are free.")
    if result.status is Status.PASSED and card.has_drill:
        lines.append(f'  For fun: from autograder import drill; drill("{result.key}") shows code with a bug to find.')
    lines += [f"  Checked: {card.checked}"] if card.checked else []
    return "\n".join(lines)


def replay(judged: ExerciseResult, seed: int) -> str:
    """The call that shows in the notebook what was graded; empty where there is nothing to be seen."""
    if judged.status is Status.NOT_ATTEMPTED or all(check.passed for check in judged.checks):
        return ""
    return f'check("{judged.key}", seed={seed})'


def _line(exercise: Exercise, check: CheckResult) -> str:
    sign = "ok " if check.passed else "-- "
    message = f"\n      {check.message}" if check.message else ""
    title = exercise.check(check.key).title
    return f"  {sign} {title} ({points(check.points)}/{points(check.max_points)}){message}"
