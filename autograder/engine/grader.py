"""Grading one submission: what a session has gathered becomes its result."""

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.course.course import Course
from autograder.course.exercise import Exercise
from autograder.engine.fleet import Fleet
from autograder.engine.identity import grader_digest, grader_version, installed
from autograder.engine.options import Options
from autograder.engine.session import Session
from autograder.judging.failures import printable
from autograder.judging.own_tests import OwnQuestion, own_question
from autograder.judging.verdicts import ExerciseResult, Status, conclude, not_attempted, worth
from autograder.reports.result import Result
from autograder.submissions.flags import Flag
from autograder.submissions.own_tests import digest_of, own_tests
from autograder.submissions.submission import Submission

_LONGEST_LINE = 300
_HANDED_IN = "handed in: "
_UNREAD = "nothing could be graded: look at what was handed in"


def grade_submission(submission: Submission, options: Options, fleet: Fleet) -> Result:
    """The result of one submission.

    Args:
        submission: what was handed in.
        options: how it is graded.
        fleet: where its workers come from.

    Raises:
        GraderFault: the grader itself cannot work; nothing is said about the submission then.
        SandboxMissing: a required layer is not in force; no code of the student's was run.
        Interrupted: the fleet was stopped.
    """
    session = Session(submission, options, fleet)
    if submission.problem:
        session.results += [_unread(options.course.exercise(key), submission.problem) for key in options.keys]
        session.questions = tuple(
            own_question(test.name, test.points, 0.0, Status.NOT_ATTEMPTED, submission.problem)
            for test in own_tests(options.course, submission.release)
        )
    else:
        session.grade()
    return _result(submission, options, session)


def flags_of_files(submission: Submission) -> tuple[str, ...]:
    """The flags in a result that come from what else was handed in, whatever is in the notebook."""
    return tuple(printable(_HANDED_IN + flag, _LONGEST_LINE) for flag in submission.flags)


def as_written(name: str) -> str:
    """A file's name as a result has it, which is text whatever the name is."""
    return os.fsencode(name).decode(errors="replace")


def is_of_files(flag: str) -> bool:
    """Whether a flag in a result comes from what else was handed in."""
    return flag.startswith(_HANDED_IN)


def _unread(exercise: Exercise, problem: str) -> ExerciseResult:
    result = conclude(exercise, not_attempted(exercise))
    return replace(result, checks=tuple(replace(check, message=problem) for check in result.checks))


def _result(submission: Submission, options: Options, session: Session) -> Result:
    course, report = options.course, session.workers.report
    flags = (*_incomplete(course, session.results), *_worth_a_look(course, session.flags, session.results))
    unread = (_UNREAD,) if submission.problem else ()
    release = submission.release
    exercises = tuple(
        worth(_for_review(course, result, flags), course.points_in(release, result.key)) for result in session.results
    )
    questions = tuple(_told_apart(course, question) for question in session.questions)
    return Result(
        student=submission.student,
        assignment=submission.assignment,
        notebook=as_written(submission.path.name),
        source=as_written(submission.source),
        points=round(sum(result.points for result in (*exercises, *questions)), 4),
        max_points=round(sum(result.max_points for result in (*exercises, *questions)), 4),
        seeds=tuple(session.seeds),
        grader={"version": grader_version(), "digest": grader_digest(course), **_tests(options, submission)},
        environment={
            "python": report.python if report else platform.python_version(),
            "torch": report.torch if report else installed("torch"),
            "device": options.device,
            "salt": options.salt.kind,
        },
        sandbox={"level": options.level.value, "layers": dict(report.layers) if report else {}},
        digest=submission.digest,
        cpu_seconds=round(session.workers.cpu_seconds, 3),
        warnings=tuple(printable(line, _LONGEST_LINE) for line in (submission.problem, *session.warnings) if line),
        flags=(*unread, *flags_of_files(submission), *(printable(flag.text, _LONGEST_LINE) for flag in flags)),
        exercises=exercises,
        questions=questions,
    )


def digest_of_tests(options: Options, submission: Submission) -> str:
    """What tells the instructor's own tests from others; empty where there are none."""
    return digest_of(own_tests(options.course, submission.release))


def _told_apart(course: Course, question: OwnQuestion) -> OwnQuestion:
    """The result of a test, under a key that no exercise has."""
    return replace(question, key=f"{question.key} (own)") if question.key in course.keys else question


def _tests(options: Options, submission: Submission) -> dict[str, str]:
    digest = digest_of_tests(options, submission)
    return {"tests": digest} if digest else {}


def _incomplete(course: Course, results: Sequence[ExerciseResult]) -> Iterator[Flag]:
    """A flag for each exercise whose observation is not one that the grader's own code makes."""
    for result in results:
        if f"{result.key}/no-observation" in {check.misconception for check in result.checks}:
            text = f"look for code that changes the grader or torch: {result.title} gave no complete observation"
            yield Flag(course.exercise(result.key).cell, text)


def _worth_a_look(course: Course, flags: Sequence[Flag], results: Sequence[ExerciseResult]) -> tuple[Flag, ...]:
    """The flags without layers that are missing where no points were earned, or the checks say so already."""
    earned = {
        course.exercise(result.key).cell
        for result in results
        if result.points > 0 and f"{result.key}/never-made" not in {check.misconception for check in result.checks}
    }
    return tuple(flag for flag in flags if not flag.no_layers or flag.cell in earned)


def _for_review(course: Course, result: ExerciseResult, flags: Sequence[Flag]) -> ExerciseResult:
    """The exercise, for review where some of its points stand and its cell has a flag; points stay as they are."""
    flagged = course.exercise(result.key).cell in {flag.cell for flag in flags}
    return replace(result, status=Status.REVIEW) if flagged and result.status is Status.PARTIAL else result
