"""``check`` and ``progress``: the same observing and judging as in grading, in the student's own kernel."""

from dataclasses import replace
from functools import cache

import torch

from autograder.course.course import Course
from autograder.course.drills import drills_of
from autograder.course.exercise import Exercise
from autograder.course.installed import course_with, own_course
from autograder.course.lessons import lesson_of
from autograder.instruments.quiet import without_trace
from autograder.instruments.seeding import observe_seeded
from autograder.instruments.stand_ins import in_place
from autograder.instruments.validating import is_validating, say_for_validate
from autograder.judging.grading import GradedExercise, grade
from autograder.judging.verdicts import ExerciseResult, Status, worth
from autograder.notebook import arguments, boxes, kernel, overtaken
from autograder.notebook.asked import asked_in
from autograder.notebook.endless import within_time
from autograder.notebook.overwritten import layers_are_pytorchs, overwritten_library
from autograder.notebook.points import unseen_number
from autograder.reports import card
from autograder.reports.card import Card

DEFAULT_SEED = 0


def check(key: str = "", seed: int = DEFAULT_SEED, *, points: float | None = None) -> float:
    """Say what is right and what is wrong in one exercise.

    Args:
        key: the exercise, such as ``"encoder"``.
        seed: seed of the probe; the feedback on a graded notebook names the one to replay.
        points: what the exercise is worth, where your instructor's notebook says otherwise than the course.

    Returns:
        The points earned, a plain float between 0 and the exercise's maximum.

    Raises:
        UnknownExercise: there is no exercise of that key.
        UsageError: the seed or the points are none, or a cell has put something else in a layer's place.
    """
    key = arguments.exercise_key(key)
    course = course_with(key)
    exercise = course.exercise(key)
    graded = _grade(course, exercise, arguments.seed_number(key, seed)).result
    _latest()[key] = graded
    if points is not None:
        _points()[key] = arguments.number_of_points(points)
    result = worth(graded, exercise.max_points if points is None else _points()[key])
    has_drill, lesson = bool(drills_of(course, exercise)), lesson_of(course, exercise)
    ways = () if lesson is None else lesson.ways
    shown = Card(exercise, result, *_about_the_run(exercise, result), has_drill, ways)
    overtaken.show(shown)
    if is_validating() and result.points < result.max_points:
        say_for_validate(card.text(replace(shown, checked="")))
    return unseen_number(float(result.points))


def latest(key: str) -> ExerciseResult | None:
    """What the latest check of an exercise found; ``None`` where none has run."""
    return _latest().get(key)


def progress() -> None:
    """Show how far every exercise of the notebook has come, and which cells have stopped."""
    course, saved = own_course(), kernel.saved_notebook()
    asked = asked_in(course, () if saved is None else saved.code(), _points())
    results = tuple(worth(current(course, course.exercise(key)), points) for key, points in asked.items())
    noted = kernel.runs()
    stopped = () if noted is None else tuple(noted.stopped.values())
    kernel.show(boxes.progress_html(results, stopped), boxes.progress_text(results, stopped))


def current(course: Course, exercise: Exercise) -> ExerciseResult:
    """How an exercise stands now; shows nothing."""
    return _grade(course, exercise, DEFAULT_SEED).result


def _about_the_run(exercise: Exercise, result: ExerciseResult) -> tuple[tuple[str, ...], str]:
    """Why what was judged may not be what the student has in mind, and which run it was."""
    checked = kernel.checked(exercise)
    overwritten = "" if result.status is Status.PASSED else overwritten_library(kernel.names())
    if checked is None:
        return (overwritten,) if overwritten else (), ""
    if any(one.misconception == f"{exercise.key}/renamed" for one in result.checks):
        return (overwritten,) if overwritten else (), ""  # nothing was checked but the cell's names
    warnings = tuple(warning for warning in (overwritten, checked.warning) if warning)
    return warnings, "" if checked.number is None else f"`{checked.name}` of run [{checked.number}]"


@cache
def _latest() -> dict[str, ExerciseResult]:
    """What the latest check of each exercise found."""
    return {}


@cache
def _points() -> dict[str, float]:
    """The points that the latest check of an exercise was called with, where it was."""
    return {}


@cache
def _warm_up() -> None:
    from autograder.instruments.warm_up import warm_up  # with matplotlib's plots

    warm_up()


@torch.inference_mode(False)
def _grade(course: Course, exercise: Exercise, seed: int) -> GradedExercise:
    # Whatever mode `check` is called in, gradients are part of what is looked at.
    _warm_up()
    workspace = kernel.workspace(course)

    def observe(chosen: int) -> object:
        # Whatever the student's code does to the probe is theirs to hear about, not an exception of the check.
        return within_time(lambda: workspace.attempt(lambda: observe_seeded(course, exercise.key, workspace, chosen)))

    with (
        layers_are_pytorchs(),
        without_trace(workspace.names),
        in_place(workspace, course.module("stand_ins").make(workspace)),
    ):
        return grade(course, exercise, seed, observe)
