"""One student's feedback page: what is right, what is not and why, beside the student's own code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.course.chart import Chart
from autograder.course.course import Course
from autograder.course.exercise import Exercise
from autograder.judging.failures import printable
from autograder.judging.verdicts import NOT_LOOKED_AT, ExerciseResult, Status
from autograder.reports import card as cards
from autograder.reports.card import Card
from autograder.reports.chart import svg
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_table import is_unread
from autograder.reports.evidence import Evidence
from autograder.reports.marks import WHOLE, Mark, Override
from autograder.reports.own_code import Line, excerpt, marks
from autograder.reports.result import Result
from autograder.reports.wording import LOOKS, points, shown_plainly, templates

_SAYS_NOTHING = ("", NOT_LOOKED_AT)
_LONGEST_NAME, _LONGEST_MESSAGE, _MOST_WARNINGS = 120, 1200, 12


@dataclass(frozen=True)
class Part:
    """One exercise on the page.

    Attributes:
        key: the exercise's.
        head: its title and points, in words.
        card: the card that the student knows from the notebook, as HTML.
        code: the student's own cell, where it was kept.
        points_to: what the marks in it say, in words.
        replay: the call that shows it in the notebook again.
        drawn: what was seen, as a chart and as its SVG; ``None`` where that says no more than words.
        given: the instructor's points in place of the grader's, if there are any.
        max_points: points that could be earned.
    """

    key: str
    head: str
    card: str
    code: tuple[Line | None, ...]
    points_to: str
    replay: str
    drawn: tuple[Chart, str] | None
    given: Override | None
    max_points: float


@dataclass(frozen=True)
class Right:
    """What is right in one exercise: titles of its checks, and whether that is all."""

    title: str
    checks: tuple[str, ...]
    everything: bool


def feedback_page(course: Course, row: ClassRow, evidence: Evidence) -> str:
    """The page of a student who has a result.

    Args:
        course: the course.
        row: the student.
        evidence: what was kept of the submission.
    """
    result = row.result
    assert result is not None
    unread = is_unread(result)
    mark = row.final
    known = [(course.exercise(one.key), _shortened(one)) for one in result.exercises if one.key in course.keys]
    return (
        templates()
        .get_template("feedback.html.j2")
        .render(
            course=course,
            student=shown_plainly(printable(row.student, _LONGEST_NAME)) or "?",
            person=shown_plainly(printable(row.listed.name, _LONGEST_NAME)) if row.listed else "",
            row=row,
            mark=mark,
            whole=mark.overrides.get(WHOLE),
            chips=[] if unread else [(judged, LOOKS[judged.status], _is_shown(judged)) for _, judged in known],
            right=[] if unread else [one for pair in known if (one := _right(*pair)).checks],
            parts=[] if unread else list(_parts(course, known, result, evidence, mark)),
            untried=[] if unread else [pair for pair in known if pair[1].status is Status.NOT_ATTEMPTED],
            questions=[]
            if unread
            else [(one, LOOKS[one.status], mark.overrides.get(one.key)) for one in result.questions],
            problem=_sentence(result.warnings[-1]) if unread else "",
            warnings=[] if unread else [_sentence(one) for one in result.warnings[:_MOST_WARNINGS]],
            for_review=[] if unread else [one.title for one in result.parts if one.status is Status.REVIEW],
            version=result.grader.get("version", ""),
        )
    )


def _sentence(line: str) -> str:
    """A warning as a sentence of its own; a file's name stays as it is."""
    shown = printable(line, _LONGEST_MESSAGE)
    begins_with_a_word = shown.partition(" ")[0].isalpha()
    return (shown[:1].upper() + shown[1:] if begins_with_a_word else shown) + ("" if shown[-1:] in ".?…" else ".")


def _shortened(judged: ExerciseResult) -> ExerciseResult:
    """The exercise, its messages no longer than anybody reads."""
    if all(len(check.message or "") <= _LONGEST_MESSAGE for check in judged.checks):
        return judged
    checks = tuple(replace(one, message=(one.message or "")[:_LONGEST_MESSAGE]) for one in judged.checks)
    return replace(judged, checks=checks)


def _is_shown(judged: ExerciseResult) -> bool:
    """Whether there is something to say beside that all is right, or nothing tried."""
    if judged.status is Status.NOT_ATTEMPTED:
        return False
    return judged.status is not Status.PASSED or any(check.message for check in judged.checks)


def _right(exercise: Exercise, judged: ExerciseResult) -> Right:
    titles = {check.key: check.title for check in exercise.checks}
    passed = tuple(titles[check.key] for check in judged.checks if check.passed and check.key in titles)
    return Right(judged.title, passed, judged.status is Status.PASSED)


def _parts(
    course: Course,
    known: Sequence[tuple[Exercise, ExerciseResult]],
    result: Result,
    evidence: Evidence,
    mark: Mark,
) -> Iterator[Part]:
    for exercise, judged in known:
        given = mark.overrides.get(exercise.key)
        if not _is_shown(judged) and given is None:
            continue
        source = evidence.cells.get(exercise.cell, "") if judged.status is not Status.PASSED else ""
        failed = [check for check in judged.checks if not check.passed and check.message not in _SAYS_NOTHING]
        if judged.status is Status.TIMEOUT:
            failed = []  # which line takes so long cannot be told from the check that was waited for
        pointed = marks(exercise, failed, source, course.release.given_lines)
        yield Part(
            key=exercise.key,
            head=f"{judged.title}: {points(judged.points)} of {points(judged.max_points)}",
            card=cards.html(Card(exercise, judged), cards.nowhere),
            code=excerpt(source, pointed) if source.strip() else (),
            points_to=_points_to(bool(pointed.stopped), bool(pointed.about)),
            replay=cards.replay(judged, result.seeds[0]) if result.seeds else "",
            drawn=_drawn(course, exercise, evidence) if judged.status is not Status.PASSED else None,
            given=given,
            max_points=judged.max_points,
        )


def _drawn(course: Course, exercise: Exercise, evidence: Evidence) -> tuple[Chart, str] | None:
    """The picture that was kept, as a chart; ``None`` where there is none, or one that the course does not know."""
    picture = evidence.pictures.get(exercise.key)
    try:
        chart = None if picture is None else course.chart(exercise.key, picture)
        return None if chart is None else (chart, svg(chart))
    except (LookupError, ValueError, ArithmeticError):  # kept by another version
        return None


def _points_to(stopped: bool, about: bool) -> str:
    if stopped:
        return "The marked line is the one that the message names."
    return "The marked lines are those that the message is about, as far as their text tells." if about else ""
