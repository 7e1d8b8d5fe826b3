"""``hint``: help that opens one level at a time."""

from dataclasses import dataclass, field
from functools import cache

from autograder.course.installed import course_with
from autograder.course.lessons import lesson_of
from autograder.notebook import boxes, kernel
from autograder.notebook.arguments import exercise_key


@dataclass
class _Opened:
    """How many levels are open, by exercise, as long as the kernel lives."""

    levels: dict[str, int] = field(default_factory=dict)


@cache
def _opened() -> _Opened:
    return _Opened()


def hint(key: str, level: int | None = None) -> None:
    """Open the next hint of an exercise, or all up to one. Hints cost nothing, and nobody counts them.

    Args:
        key: the exercise, such as ``"encoder"``.
        level: the last hint to open, 1 to 3; ``None`` opens the next one. What is open stays open.

    Raises:
        UnknownExercise: there is no exercise of that key.
    """
    key = exercise_key(key)
    course = course_with(key)
    known = course.exercise(key)
    levels = _opened().levels
    already = levels.get(key, 0)
    wanted = already + 1 if level is None else max(already, _whole(level), 1)
    levels[key] = min(wanted, len(known.hints))
    lesson = lesson_of(course, known) if levels[key] == len(known.hints) else None
    shown = known, levels[key], None if lesson is None else lesson.example
    kernel.show(boxes.hint_html(*shown), boxes.hint_text(*shown))


def _whole(level: object) -> int:
    """The level as a number; 1 where it is none."""
    return int(level) if isinstance(level, (int, float)) or (isinstance(level, str) and level.isdecimal()) else 1
