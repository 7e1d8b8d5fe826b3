"""``drill``: a mistake to find in somebody else's code, once one's own is right."""

from dataclasses import dataclass
from functools import cache

from autograder.course.course import Course
from autograder.course.drills import drills_of
from autograder.course.exercise import Exercise
from autograder.course.installed import course_with
from autograder.judging.verdicts import Status
from autograder.notebook import boxes, kernel
from autograder.notebook.arguments import exercise_key
from autograder.notebook.checking import current


def drill(key: str = "", choice: str | None = None) -> None:
    """Show code in which something is wrong, or say whether a choice names it. Optional, and worth no points.

    A drill opens when its exercise is all right; the next one, when the first is solved.

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
    drills, at = drills_of(course, exercise), _places().setdefault(key, _Place())
    if choice is None and at.solved:
        at.number, at.solved = (at.number + 1) % len(drills), False
    found = drills[at.number]
    letter = None if choice is None else str(choice).strip(" .()").lower()
    at.solved |= letter is not None and letter in found.options and found.options[letter].right
    shown = exercise, found, letter, len(drills) - 1 - at.number
    kernel.show(boxes.drill_html(*shown), boxes.drill_text(*shown))


@dataclass
class _Place:
    """Which of an exercise's drills is open, and whether it has been solved."""

    number: int = 0
    solved: bool = False


@cache
def _places() -> dict[str, _Place]:
    """Where each exercise's drills stand, as long as the kernel lives."""
    return {}


def _closed(course: Course, exercise: Exercise) -> str:
    """Why there is no drill to show; empty where there is one."""
    if not drills_of(course, exercise):
        return f"There is no drill for {exercise.title}."
    if current(course, exercise).status is Status.PASSED:
        return ""
    again = f'run `check("{exercise.key}")` to see what is still missing.'
    return f"The drill opens once your own code is all right: {again}"
