"""``hint``: help that opens one level at a time."""

from dataclasses import dataclass, field
from functools import cache

from autograder.course.error_help import ErrorHelp, help_with_error
from autograder.course.exercise import Exercise
from autograder.course.installed import course_with
from autograder.course.lessons import lesson_of
from autograder.notebook import boxes, checking, kernel
from autograder.notebook.arguments import exercise_key
from autograder.reports.card import error_help


@dataclass
class _Opened:
    """What is open, by exercise, as long as the kernel lives.

    Attributes:
        levels: how many of its hints.
        errors: the help with its latest error.
    """

    levels: dict[str, int] = field(default_factory=dict)
    errors: dict[str, ErrorHelp] = field(default_factory=dict)


@cache
def _opened() -> _Opened:
    return _Opened()


def hint(key: str = "", level: int | None = None) -> None:
    """Open the next hint of an exercise, or all up to one. Hints cost nothing, and nobody counts them.

    After an error of Python or PyTorch the next hint is one about that.

    Args:
        key: the exercise, such as ``"encoder"``.
        level: the last hint to open, 1 to 3; ``None`` opens the next one. What is open stays open.

    Raises:
        UnknownExercise: there is no exercise of that key.
    """
    key = exercise_key(key)
    course = course_with(key)
    known = course.exercise(key)
    if level is None and (error := _new_error(known)) is not None:
        kernel.show(boxes.error_help_html(known, error), boxes.error_help_text(known, error))
        return
    levels = _opened().levels
    already = levels.get(key, 0)
    wanted = already + 1 if level is None else max(already, _whole(level), 1)
    levels[key] = min(wanted, len(known.hints))
    lesson = lesson_of(course, known) if levels[key] == len(known.hints) else None
    shown = known, levels[key], None if lesson is None else lesson.example
    kernel.show(boxes.hint_html(*shown), boxes.hint_text(*shown))


def _new_error(exercise: Exercise) -> ErrorHelp | None:
    """Help with the error that has stopped the exercise's cell or its latest check, unless it is open already."""
    noted = kernel.runs()
    stopped = None if noted is None else noted.failed.get(exercise.name)
    checked = checking.latest(exercise.key)
    found = help_with_error(stopped) if stopped else None if checked is None else error_help(checked)
    opened = _opened().errors
    if found is None or opened.get(exercise.key) is found:
        return None
    opened[exercise.key] = found
    return found


def _whole(level: object) -> int:
    """The level as a number; 1 where it is none."""
    return int(level) if isinstance(level, (int, float)) or (isinstance(level, str) and level.isdecimal()) else 1
