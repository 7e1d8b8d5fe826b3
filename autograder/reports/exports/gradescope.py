"""Gradescope's ``results.json``. Form: `docs/specs.md` of gradescope/autograder_samples."""

import json
from collections.abc import Iterator
from typing import Any

from autograder.course.course import Course
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.overrides import comments
from autograder.reports.result import Result
from autograder.reports.wording import LOOKS, points


def gradescope(course: Course, row: ClassRow) -> str:
    """One student's results; what the instructor has set and what being late costs is in the score, and said.

    Everything is plain text: Gradescope renders nothing that a student wrote.
    """
    mark, result = row.final, row.result
    titles = {one.key: one.title for one in course.exercises}
    told = [
        *comments(mark.overrides, titles),
        *(result.warnings if result else ()),
        *([row.remark] if not result else []),
    ]
    told += [f"Handed in late: {points(mark.late_penalty)} points off"] if mark.late_penalty else []
    data = {
        "score": mark.points or 0.0,
        "output": "\n".join(told),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "tests": list(_tests(course, row, result)) if result else [],
        "extra_data": _extra(result) if result else {},
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _tests(course: Course, row: ClassRow, result: Result) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(result.parts, 1):
        yield {
            "name": one.title,
            "name_format": "text",
            "number": str(number),
            "score": row.final.points_of(one.key) or 0.0,
            "max_score": one.max_points,
            "status": "passed" if one.status is Status.PASSED else "failed",
            "output": _output(course, one, result),
            "output_format": "text",
            "visibility": "visible",
            "extra_data": {"status": one.status.value},
        }


def _output(course: Course, judged: ExerciseResult, result: Result) -> str:
    if judged.key not in course.keys:  # a test of the instructor's own, which is no check and has no seed
        return "\n".join(filter(None, [LOOKS[judged.status].words, judged.checks[0].message]))
    titles = {check.key: check.title for check in course.exercise(judged.key).checks}
    lines = [LOOKS[judged.status].words]
    for check in judged.checks if judged.status is not Status.NOT_ATTEMPTED else ():
        lines.append(f"{'ok' if check.passed else '--'} {titles.get(check.key, check.key)} "
                     f"({points(check.points)}/{points(check.max_points)})")  # fmt: skip
        lines += [f"   {check.message}"] if check.message else []
    if judged.status is not Status.PASSED and result.seeds:
        lines.append(f'The same in your notebook: check("{judged.key}", seed={result.seeds[0]})')
    return "\n".join(lines)


def _extra(result: Result) -> dict[str, Any]:
    return {"seeds": list(result.seeds), "grader": dict(result.grader), "sandbox": dict(result.sandbox)}
