"""What is kept of a submission: a result that still holds is used again, a new one is written at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from autograder.course.picture import Picture
from autograder.engine.grader import as_written, digest_of_tests, flags_of_files, is_of_files
from autograder.engine.identity import grader_digest
from autograder.engine.job.run import GradedSubmission, Run, ToGrade
from autograder.engine.options import Options
from autograder.errors import AutograderError, GraderFault
from autograder.reports.evidence import Evidence, keep_evidence, read_evidence
from autograder.reports.result import Result, UnusableResult, read_result, write_result
from autograder.submissions.finding.platforms import is_anothers
from autograder.submissions.submission import Submission

_STRENGTH = {"none": 0, "best": 1, "strict": 2}


def earlier_result(path: Path) -> Result | None:
    """The result in a file, or ``None`` where there is no usable one."""
    try:
        return read_result(path)
    except UnusableResult:
        return None


def no_earlier_result(_path: Path) -> None:
    """Pretend that there are no earlier results, so that all is graded again."""


def used_again(one: ToGrade, submission: Submission, run: Run) -> GradedSubmission | None:
    """An earlier result that grading would give again, with what goes beside it; ``None`` where there is none."""
    earlier = run.reuse(one.result_path(run))
    if earlier is None or not still_valid(earlier, submission, run.options):
        return None
    pictures = read_evidence(one.evidence_path(run), submission.digest).pictures
    return _with_evidence(GradedSubmission(one.found, earlier, reused=True), one, submission, run, pictures)


def kept(one: ToGrade, submission: Submission, run: Run, grade: Callable[[], Result]) -> GradedSubmission:
    """Grade a submission and write its result, whatever may go wrong with it.

    Args:
        one: where it lies, and where its result goes.
        submission: what was read there.
        run: the run.
        grade: gives its result.

    Raises:
        AutograderError: what concerns the whole run, such as want of a sandbox, or that somebody has stopped it.
    """
    try:
        result = grade()
        _write(one.result_path(run), result)
    except GraderFault as fault:
        return GradedSubmission(one.found, None, fault=str(fault))
    except AutograderError:
        raise
    except Exception as error:
        return GradedSubmission(one.found, None, fault=f"the grader failed with {type(error).__name__}: {error}")
    pictures = {part.key: part.picture for part in result.exercises if part.picture is not None}
    return _with_evidence(GradedSubmission(one.found, result), one, submission, run, pictures)


def _write(path: Path, result: Result) -> None:
    """Write a result, unless it would replace one that came from another student, whoever gave the file its name.

    Raises:
        GraderFault: it cannot be written there.
    """
    _keep_another_students(path, result)
    try:
        write_result(path, result)
    except OSError as error:
        raise GraderFault(f"{path} could not be written: {error.strerror}") from None


def _keep_another_students(path: Path, result: Result) -> None:
    earlier = earlier_result(path)
    if earlier and earlier.source and result.source and is_anothers(earlier.source, result.source):
        raise GraderFault(
            f"{path} is the result of {earlier.source} and is not replaced by that of {result.source}; "
            "if both are the same student's, remove that result"
        )


def _with_evidence(
    graded: GradedSubmission, one: ToGrade, submission: Submission, run: Run, pictures: Mapping[str, Picture]
) -> GradedSubmission:
    """What was graded, once what goes beside it is there, or cannot be."""
    path = one.evidence_path(run)
    try:
        keep_evidence(path, Evidence(submission.digest, submission.solutions or {}, pictures))
    except OSError as error:
        return replace(graded, not_kept=f"{path} could not be written: {error.strerror}")
    return graded


def still_valid(result: Result, submission: Submission, options: Options) -> bool:
    """Whether grading the submission now would give this result again."""
    return (
        result.digest == submission.digest
        and result.notebook == as_written(submission.path.name)
        and result.source == as_written(submission.source)
        and tuple(filter(is_of_files, result.flags)) == flags_of_files(submission)
        and result.grader.get("digest") == grader_digest(options.course)
        and result.grader.get("tests", "") == digest_of_tests(options, submission)
        and result.seeds[:1] == (options.seed_for(submission),)
        and result.environment.get("device") == options.device
        and _STRENGTH.get(str(result.sandbox.get("level")), -1) >= _STRENGTH[options.level.value]
        and tuple((one.key, one.max_points) for one in result.exercises) == _asked(submission, options)
    )


def _asked(submission: Submission, options: Options) -> tuple[tuple[str, float], ...]:
    """The exercises and what each is worth."""
    return tuple((key, options.course.points_in(submission.release, key)) for key in options.keys)
