"""``check`` and ``progress``: the same observing and judging as in grading, in the student's own kernel."""

from autograder.exercises.catalogue import EXERCISES, exercise, observe_of
from autograder.exercises.definition import Exercise
from autograder.exercises.grading import Graded, grade
from autograder.exercises.judgement import ExerciseResult, Status
from autograder.notebook import card, kernel
from autograder.notebook.overwritten import overwritten_library
from autograder.observing.quiet import without_trace
from autograder.observing.stand_ins import stand_ins

DEFAULT_SEED = 0


def check(key: str, seed: int = DEFAULT_SEED) -> float:
    """Say what is right and what is wrong in one exercise.

    Args:
        key: the exercise, such as ``"encoder"``.
        seed: seed of the probe; the feedback on a graded notebook names the one to replay.

    Returns:
        The points earned, a plain float between 0 and the exercise's maximum.

    Raises:
        UnknownExercise: there is no exercise of that key.
    """
    known = exercise(key)
    result, checked = _grade(known, seed).result, kernel.checked(known)
    lost = "" if result.status is Status.PASSED else overwritten_library(kernel.names())
    kernel.show(card.html(result, checked, lost), card.text(result, checked, lost))
    return float(result.points)


def progress() -> None:
    """Show how far every exercise has come."""
    results = tuple(current(known) for known in EXERCISES)
    kernel.show(card.progress_html(results), card.progress_text(results))


def current(known: Exercise) -> ExerciseResult:
    """How an exercise stands now; shows nothing."""
    return _grade(known, DEFAULT_SEED).result


def _grade(known: Exercise, seed: int) -> Graded:
    workspace = kernel.workspace()
    observe = observe_of(known.key)
    with without_trace(workspace.names), stand_ins(workspace):
        # Whatever the student's code does to the probe is theirs to hear about, not an exception of the check.
        return grade(known, seed, lambda chosen: workspace.attempt(lambda: observe(workspace, chosen)))
