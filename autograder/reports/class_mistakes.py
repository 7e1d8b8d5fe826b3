"""A class's mistakes as its report tells them: with a line of code, who has each, and what to say in class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.course.course import Course
from autograder.judging.verdicts import Status
from autograder.reports.class_findings import Mistake, failed_checks, is_for_review
from autograder.reports.class_results import ClassResults
from autograder.reports.class_students import Student
from autograder.reports.evidence import Evidence
from autograder.reports.misconceptions_page import shared_keys
from autograder.reports.own_code import named_lines, own_lines
from autograder.reports.typical_line import typical_line
from autograder.reports.wording import shown_plainly

_SAMPLE = 150  # whose lines are compared to find one that is typical


@dataclass(frozen=True)
class Ranked:
    """A mistake as the report shows it: with a line of code, who has it, and what to say in class."""

    mistake: Mistake
    line: str
    students: tuple[Student, ...]
    for_review: bool
    hint: str


def ranked_mistakes(
    course: Course,
    graded: ClassResults,
    evidence: Mapping[str, Evidence],
    found: Sequence[Mistake],
    by_name: Mapping[str, Student],
) -> tuple[Ranked, ...]:
    """The mistakes, those of most students first.

    Args:
        course: the course.
        graded: the class.
        evidence: what was kept of each submission, by its result's file.
        found: the mistakes.
        by_name: the students, by name.
    """
    given = course.release.given_lines
    shared = shared_keys(course)  # slips of Python, of which neither a hint nor a line beside them says anything
    results = {row.student: (row, row.result) for row in graded.students if row.result}
    cells = {student: evidence.get(row.file, Evidence()).cells for student, (row, _) in results.items()}
    statuses = {student: {one.key: one.status for one in result.exercises} for student, (_, result) in results.items()}

    def one(mistake: Mistake) -> Ranked:
        key, cell = mistake.exercise.key, mistake.exercise.cell
        pattern = mistake.exercise.check(mistake.check).lines
        right = [student for student, by_key in statuses.items() if by_key.get(key) is Status.PASSED]
        asked = (*mistake.students[:_SAMPLE], *right[:_SAMPLE])
        lines = {who: own_lines(cells[who].get(cell, ""), pattern, given) for who in asked}
        quoted = [
            line
            for who in mistake.students
            for judged in results[who][1].exercises
            if judged.key == key
            for check in failed_checks(judged)
            if check.key == mistake.check
            for line in named_lines(check.message or "")
        ]
        known = None if mistake.known and mistake.known.key in shared else mistake.known
        line = typical_line(mistake, lines if known else {}, right, quoted)
        return Ranked(
            mistake,
            shown_plainly(line)[:200],
            tuple(by_name[student] for student in mistake.students),
            is_for_review(mistake.known),
            mistake.exercise.hints[known.hint - 1] if known else "",
        )

    return tuple(one(mistake) for mistake in found)
