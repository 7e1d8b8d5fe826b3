"""``autograder grade``: results for a whole class."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from autograder.cli.class_report import conclude
from autograder.cli.terminal import complain, err
from autograder.course.installed import own_course
from autograder.engine.batch import Backend, grade_class, prepare_folder
from autograder.engine.cluster import cluster
from autograder.engine.identity import SALT_FILE, Salt, read_salt
from autograder.engine.job.keeping import earlier_result, no_earlier_result
from autograder.engine.job.run import GradedSubmission, Run
from autograder.engine.job.this_machine import this_machine
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import Interrupted
from autograder.judging.failures import printable
from autograder.nbgrader.course_folder import handed_out_here, handed_out_in
from autograder.reports.final_marks import read_decisions
from autograder.reports.late import asked_deadline, write_deadline
from autograder.reports.wording import points
from autograder.submissions.class_list import read_class_list
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import Found, find_submissions
from autograder.submissions.finding.places import some

Show = Callable[[GradedSubmission], None]


def grade(
    paths: list[Path],
    results_folder: Path,
    *,
    course_folder: Path | None,
    students: Path | None,
    jobs: int,
    dask: str | None,
    sandbox: Level,
    device: str,
    timeout: float,
    memory_mib: int,
    seed: int | None,
    force: bool,
    quiet: bool,
    due: str | None,
    late_penalty: str | None,
) -> None:
    """Grade notebooks, and conclude with the class's table."""
    course = own_course()
    here = Path.cwd()
    handed_out = handed_out_in(course, course_folder) if course_folder else handed_out_here(course, here, paths)
    of_course = handed_out.folder or here
    listed = read_class_list(students) if students else ()
    decisions = read_decisions(results_folder)
    deadline = asked_deadline(due, late_penalty, decisions.deadline)
    with Unpacker() as unpacker:
        found = find_submissions(paths, handed_out.assignment, handed_out.release, unpacker, apart=[results_folder])
        salt = read_salt(of_course)
        options = Options(
            course=course,
            level=sandbox,
            salt=salt,
            device=device,
            timeout=timeout,
            memory_mib=memory_mib,
            seed=seed,
            only=course.asked_in(handed_out.release),
            private=(here, of_course, *paths, results_folder, unpacker.folder),
        )
        run = Run(
            options=options,
            assignment=handed_out.assignment,
            release=handed_out.release,
            folder=results_folder,
            reuse=no_earlier_result if force else earlier_result,
        )
        prepare_folder(results_folder)
        if deadline is not None and deadline != decisions.deadline:
            write_deadline(results_folder, deadline)
        if not quiet:
            _say_before(found, salt, of_course)
        jobs = max(1, min(jobs, len(found)))
        with _backend(dask, jobs) as backend, _shown(len(found), quiet) as show:
            graded = list(_graded(found, run, backend, show))
    conclude(course, found, graded, listed, results_folder, replace(decisions, deadline=deadline), quiet)


def _say_before(found: Sequence[Found], salt: Salt, folder: Path) -> None:
    """What holds for the run as a whole."""
    if not salt.secret:
        complain(
            f"no {SALT_FILE} {_there(folder)}, so the probes are drawn with the public salt; put a line of random text "
            f"into that file"
        )
    for one in found:
        for other in one.passed_over:
            complain(f"{other} is passed over: {one.source} counts")
    elsewhere = [other for one in found for other in one.elsewhere]
    if elsewhere:
        complain(f"passed over, since they are of other assignments: {some(elsewhere)}")


def _there(folder: Path) -> str:
    return "here" if folder == Path.cwd() else f"in {folder}"


def _graded(found: Sequence[Found], run: Run, backend: Backend, show: Show) -> Iterator[GradedSubmission]:
    done = 0
    try:
        for one in grade_class(found, run, backend):
            done += 1
            show(one)
            yield one
    except KeyboardInterrupt:
        kept = f"{done} of {len(found)} graded and kept in {run.folder}"
        raise Interrupted(f"stopped; {kept}. The same command goes on from there") from None


@contextmanager
def _backend(dask: str | None, jobs: int) -> Iterator[Backend]:
    with cluster(dask, complain) if dask else this_machine(jobs) as backend:
        yield backend


@contextmanager
def _shown(total: int, quiet: bool) -> Iterator[Show]:
    """Gives what shows a graded submission: a bar on a terminal, lines elsewhere, nothing where quiet."""
    console = err()
    if quiet:
        yield lambda _graded: None
    elif not console.is_terminal:
        yield lambda graded: console.print(Text(_line(graded)), soft_wrap=True)
    else:
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("grading", total=total)
            yield lambda _graded: progress.advance(task)


def _line(graded: GradedSubmission) -> str:
    student = printable(graded.found.student)
    if graded.result is None:
        return f"{student}: no result"
    kept = ", kept from before" if graded.reused else ""
    return f"{student}: {points(graded.result.points)} of {points(graded.result.max_points)}{kept}"
