"""Which exercises the notebook at hand asks for, and for how many points: its instructor may have changed both."""

import re
from collections.abc import Collection, Mapping, Sequence

from autograder.course.cells import CodeCell
from autograder.course.course import Course

_CHECK = re.compile(r"""\bcheck\(\s*["'](\w+)["']\s*(?:,\s*points\s*=\s*(\d+(?:\.\d+)?))?""")


def asked_in(course: Course, cells: Sequence[CodeCell], told: Mapping[str, float]) -> Mapping[str, float]:
    """The points of each exercise that a notebook asks for, by its key, in the course's order.

    Args:
        course: the course.
        cells: the notebook's code cells; none where its file is not known, and then all exercises are asked for.
        told: points that its checks were called with, by the exercise's key.
    """
    checks = [found for cell in cells for found in _CHECK.findall(cell.source)]
    written = {key: float(points) for key, points in checks if points}
    keys = _keys(course, {key for key, _ in checks}, {cell.grade_id for cell in cells})
    return {key: written.get(key, told.get(key, course.exercise(key).max_points)) for key in keys}


def _keys(course: Course, checked: Collection[str], cells: Collection[str]) -> Sequence[str]:
    """The exercises with a check; and those of an answer's cell that has none, as where it got lost."""
    if not any(key in checked for key in course.keys):
        return course.keys
    having_one = {course.exercise(key).cell for key in course.keys if key in checked}
    lost = set(cells) - having_one
    return [key for key in course.keys if key in checked or course.exercise(key).cell in lost]
