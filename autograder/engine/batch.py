"""Grading many submissions: side by side on this machine or on a cluster, each result kept as soon as it is there."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder import atomic
from autograder.course.picture import Picture
from autograder.engine.fleet import Fleet
from autograder.engine.grader import as_written, digest_of_tests, flags_of_files, grade_submission, is_of_files
from autograder.engine.identity import grader_digest
from autograder.engine.options import Options
from autograder.errors import AutograderError, GraderFault, UsageError
from autograder.reports.evidence import Evidence, evidence_path, keep_evidence, read_evidence
from autograder.reports.result import Result, UnusableResult, read_result, write_result
from autograder.submissions.finding.platforms import owner_of
from autograder.submissions.finding.result_names import result_names
from autograder.submissions.submission import Submission

Reuse = Callable[[Path], Result | None]
Graded = tuple[Submission, "Future[Result]"]

_STRENGTH = {"none": 0, "best": 1, "strict": 2}


class Backend(Protocol):
    """Where submissions are graded."""

    def grade(self, submissions: Sequence[Submission], options: Options) -> Iterator[Graded]:
        """Grade them all; each once, in the order in which they end."""


@dataclass(frozen=True)
class GradedSubmission:
    """What became of one submission: its result, or the fault of the grader that prevented one."""

    submission: Submission
    result: Result | None
    reused: bool = False
    fault: str = ""


class ThisMachine:
    """Grades in processes on this machine, as many at a time as there are jobs."""

    def __init__(self, jobs: int) -> None:
        self._fleet = Fleet()
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="grader")

    def grade(self, submissions: Sequence[Submission], options: Options) -> Iterator[Graded]:
        """Grade them all; each once, in the order in which they end."""
        waiting = {self._pool.submit(grade_submission, one, options, self._fleet): one for one in submissions}
        for future in as_completed(waiting):
            yield waiting[future], future

    def close(self) -> None:
        """End every worker and wait for the threads."""
        self._fleet.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._fleet.close()


@contextmanager
def this_machine(jobs: int) -> Iterator[ThisMachine]:
    """This machine as a backend; whatever ends the block, no worker stays behind."""
    machine = ThisMachine(jobs)
    try:
        yield machine
    finally:
        machine.close()


def prepare_folder(folder: Path) -> None:
    """Make the results' folder, and see that it can be written to.

    Raises:
        UsageError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic.sweep(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass  # it has no name, so that two graders never meet in it
    except OSError as error:
        raise UsageError(f"results cannot be written to {folder}: {error.strerror}; choose another folder") from None


def grade_class(
    submissions: Sequence[Submission], options: Options, folder: Path, backend: Backend, reuse: Reuse
) -> Iterator[GradedSubmission]:
    """Grade submissions, writing each result to ``folder`` as it comes.

    Args:
        submissions: what to grade.
        options: how.
        folder: where results go; must be writable.
        backend: where grading happens.
        reuse: gives an earlier result that may be looked at for reuse, or ``None``.

    Yields:
        What came of each submission, in the order in which they end.

    Raises:
        UsageError: grading cannot work at all here, such as for want of a sandbox.
        Interrupted: the run was stopped.
    """
    waiting: list[Submission] = []
    called = Counter(submission.student for submission in submissions)
    names = result_names(called)
    for submission in submissions:
        earlier = reuse(folder / f"{names[submission.student]}.json")
        if called[submission.student] > 1:
            yield GradedSubmission(submission, None, fault=_not_the_only_one(submission, submissions))
        elif earlier is not None and still_valid(earlier, submission, options):
            yield _kept(submission, earlier, evidence_path(folder, names[submission.student]))
        else:
            waiting.append(submission)
    for submission, future in backend.grade(waiting, options):
        yield _written(submission, future, folder, names[submission.student])


def _not_the_only_one(submission: Submission, submissions: Sequence[Submission]) -> str:
    same = [one for one in submissions if one.student == submission.student]
    places = " and ".join(str(one.path) for one in same[:3])
    return f"{places} would both be the result of {submission.student!r}; give each student a name of their own"


def _kept(submission: Submission, earlier: Result, path: Path) -> GradedSubmission:
    """A result that is there, with what goes beside it; where the cells got lost, they are there again."""
    pictures = read_evidence(path, submission.digest).pictures
    return _with_evidence(path, GradedSubmission(submission, earlier, reused=True), pictures)


def _with_evidence(path: Path, graded: GradedSubmission, pictures: Mapping[str, Picture]) -> GradedSubmission:
    """What was graded, once what goes beside it is there."""
    submission = graded.submission
    try:
        keep_evidence(path, Evidence(submission.digest, submission.solutions or {}, pictures))
    except OSError as error:
        return GradedSubmission(submission, None, fault=f"{path} could not be written: {error.strerror}")
    return graded


def _written(submission: Submission, future: "Future[Result]", folder: Path, name: str) -> GradedSubmission:
    path = folder / f"{name}.json"
    try:
        result = future.result()
    except GraderFault as fault:
        return GradedSubmission(submission, None, fault=str(fault))
    except AutograderError:
        raise
    except Exception as error:
        return GradedSubmission(submission, None, fault=f"the grader failed with {type(error).__name__}: {error}")
    try:
        _keep_another_students(path, result)
        write_result(path, result)
    except GraderFault as fault:
        return GradedSubmission(submission, None, fault=str(fault))
    except OSError as error:
        return GradedSubmission(submission, None, fault=f"{path} could not be written: {error.strerror}")
    pictures = {one.key: one.picture for one in result.exercises if one.picture is not None}
    return _with_evidence(evidence_path(folder, name), GradedSubmission(submission, result), pictures)


def _keep_another_students(path: Path, result: Result) -> None:
    """See that what a result would replace came from the same student, whoever has given the file its name."""
    earlier = earlier_result(path)
    if earlier and earlier.source and result.source and owner_of(earlier.source) != owner_of(result.source):
        raise GraderFault(
            f"{path} is the result of {earlier.source} and is not replaced by that of {result.source}; "
            "if both are the same student's, remove that result"
        )


def earlier_result(path: Path) -> Result | None:
    """The result in a file, or ``None`` where there is no usable one."""
    try:
        return read_result(path)
    except UnusableResult:
        return None


def no_earlier_result(_path: Path) -> None:
    """Pretend that there are no earlier results, so that all is graded again."""


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
