"""Grading one submission: what a session has gathered becomes its result."""

import os
import platform
from collections.abc import Sequence
from dataclasses import replace

from autograder.engine.fleet import Fleet
from autograder.engine.identity import PUBLIC_SALT, grader_digest, grader_version, installed
from autograder.engine.options import Options
from autograder.engine.session import Session
from autograder.exercises.catalogue import exercise
from autograder.exercises.definition import Exercise
from autograder.exercises.failures import printable
from autograder.exercises.judgement import ExerciseResult, Status, conclude, not_attempted
from autograder.reading.evidence import Evidence, Kind, find_evidence, review_lines
from autograder.reading.released import released
from autograder.reading.submission import Submission
from autograder.results import CheckResult, ExerciseEntry, Result


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
        session.warnings.append(submission.problem)
        session.results += [_unread(exercise(key), submission.problem) for key in options.exercises]
    else:
        session.grade()
    return _result(submission, options, session)


def _unread(known: Exercise, problem: str) -> ExerciseResult:
    result = conclude(known, not_attempted(known))
    return replace(result, verdicts=tuple(replace(verdict, message=problem) for verdict in result.verdicts))


def _result(submission: Submission, options: Options, session: Session) -> Result:
    evidence = _worth_a_look(find_evidence(submission, released()), session.results)
    entries = tuple(_entry(_for_review(result, evidence)) for result in session.results)
    warnings = [] if options.salt.secret else [PUBLIC_SALT]
    entered = session.entered
    return Result(
        student=submission.student,
        assignment=submission.assignment,
        notebook=os.fsencode(submission.path.name).decode(errors="replace"),
        points=round(sum(entry.points for entry in entries), 4),
        max_points=sum(entry.max_points for entry in entries),
        seeds=tuple(session.seeds),
        grader={"version": grader_version(), "digest": grader_digest()},
        environment={
            "python": entered.python if entered else platform.python_version(),
            "torch": entered.torch if entered else installed("torch"),
            "device": options.device,
        },
        sandbox={"level": options.level.value, "layers": dict(entered.layers) if entered else {}},
        digest=submission.digest,
        cpu_seconds=round(session.cpu_seconds, 3),
        warnings=(
            *warnings,
            *(printable(warning, 300) for warning in session.warnings),
            *(printable(line, 300) for line in review_lines(evidence)),
        ),
        exercises=entries,
    )


def _worth_a_look(evidence: Sequence[Evidence], results: Sequence[ExerciseResult]) -> tuple[Evidence, ...]:
    """The evidence without layers that are missing where no points were earned: the checks say so already."""
    earned = {exercise(result.key).cell for result in results if result.points > 0}
    return tuple(one for one in evidence if one.kind is not Kind.LAYERS or one.exercise in earned)


def _for_review(result: ExerciseResult, evidence: Sequence[Evidence]) -> ExerciseResult:
    """The exercise, for review where some of its points stand and its cell holds evidence; points stay as they are."""
    suspected = exercise(result.key).cell in {one.exercise for one in evidence}
    return replace(result, status=Status.REVIEW) if suspected and result.status is Status.PARTIAL else result


def _entry(result: ExerciseResult) -> ExerciseEntry:
    checks = tuple(
        CheckResult(v.key, v.passed, v.points, v.max_points, v.misconception, v.message) for v in result.verdicts
    )
    return ExerciseEntry(
        result.key, result.title, round(result.points, 4), result.max_points, result.status.value, checks
    )
