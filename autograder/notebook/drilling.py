"""``drill``: a mistake to find in somebody else's code, once one's own is right."""

from autograder.course.course import Course
from autograder.course.drills import drill_of
from autograder.course.exercise import Exercise
from autograder.course.installed import course_with
from autograder.judging.verdicts import Status
from autograder.notebook import boxes, kernel
from autograder.notebook.arguments import exercise_key
from autograder.notebook.checking import current


def drill(key: str, choice: str | None = None) -> None:
    """Show code in which something is wrong, or say whether a choice names it. Optional, and worth no points.

    A drill opens when its exercise is all right.

    Args:
        key: the exercise, such as ``"encoder"``.
        choice: the letter of an option; ``None`` shows code and options.

    Raises:
        UnknownExercise: there is no exercise of that key.
    """
    key = exercise_key(key)
    course = course_with(key)
    exercise = course.exercise(key)
    if note := _closed(course, exercise):
        kernel.show(boxes.note_html(note), note)
        return
    found = drill_of(course, exercise)
    assert found is not None
    letter = None if choice is None else str(choice).strip(" .()").lower()
    kernel.show(boxes.drill_html(exercise, found, letter), boxes.drill_text(exercise, found, letter))


def _closed(course: Course, exercise: Exercise) -> str:
    """Why there is no drill to show; empty where there is one."""
    if drill_of(course, exercise) is None:
        return f"There is no drill for {exercise.title}."
    if current(course, exercise).status is Status.PASSED:
        return ""
    again = f'run `check("{exercise.key}")` to see what is still missing.'
    return f"The drill opens once your own code is all right: {again}"
