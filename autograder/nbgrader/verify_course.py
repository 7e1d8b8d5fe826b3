"""A course proves itself: what must hold of its notebooks, tried out with the grader."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import Course
from autograder.course.installed import own_course
from autograder.course.release import Release, read_release
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import UsageError
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.nbgrader.build import difference
from autograder.nbgrader.course_folder import CONFIG, directories, run_by_nbgrader_alone, with_hidden_tests
from autograder.reports.result import Result
from autograder.reports.wording import LOOKS, points
from autograder.submissions.submission import read_submission

_SEED = 0
_MAKE_IT = "run `autograder build` or `nbgrader generate_assignment`"


@dataclass(frozen=True)
class Statement:
    """Something that was tried: whether it holds, and what was seen."""

    holds: bool
    text: str


@dataclass(frozen=True)
class _Pair:
    """An instructor's notebook and what students are handed of it."""

    solution: Path
    release: Path


def verify_course(folder: Path) -> Iterator[Statement]:
    """What holds and what does not of the course in a folder.

    The folder has an ``nbgrader_config.py`` that says where the notebooks lie, or ``solutions/`` and ``notebooks/``, or
    ``source/`` and ``release/``. Notebooks without any of the course's test cells are passed over.

    Raises:
        UsageError: there is no such course.
        UnreadableCourse: ``nbgrader_config.py`` cannot be run.
        BuildError: nbgrader refuses a notebook.
        GraderFault: the grader itself cannot work.
    """
    course = own_course()
    pairs = list(_pairs(folder, course))
    if not pairs:
        raise UsageError(
            f"{folder} holds no notebook with test cells of {course.title!r}; expected "
            "solutions/<assignment>/<notebook>.ipynb, or source/ as nbgrader's quickstart names it"
        )
    with Fleet() as fleet:
        for pair in pairs:
            yield from _verify_pair(folder, pair, course, fleet)
    yield from _no_drift(folder, {pair.solution.parent.name for pair in pairs})


def _pairs(folder: Path, course: Course) -> Iterator[_Pair]:
    found = directories(folder)
    if found is None:
        raise UsageError(f"{folder} is no course: it has neither {CONFIG} nor solutions/ or source/")
    source, release = found
    for solution in sorted(source.glob("*/*.ipynb")):
        if not solution.name.startswith(".") and course.asked_in(_read(solution)):
            yield _Pair(solution, release / solution.relative_to(source))


def _read(path: Path) -> Release:
    try:
        return read_release(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as a notebook: {error}") from None


def _verify_pair(folder: Path, pair: _Pair, course: Course, fleet: Fleet) -> Iterator[Statement]:
    name = pair.release.relative_to(folder)
    if not pair.release.is_file():
        yield Statement(False, f"{name} is missing; {_MAKE_IT}")
        return
    release = with_hidden_tests(_read(pair.release), pair.solution.parent)
    only = course.asked_in(release)
    options = Options(course=course, level=Level.BEST, salt=Salt("", secret=True), seed=_SEED, only=only)

    def graded(path: Path) -> Result:
        return grade_submission(read_submission(path, path.stem, path.parent.name, release), options, fleet)

    yield from _solution(pair.solution.relative_to(folder), graded(pair.solution))
    yield from _untouched(name, graded(pair.release))
    own = _read(pair.solution)
    yield from _questions(name, own, release, {one.test_cell for one in course.exercises})
    for test in run_by_nbgrader_alone(own):
        told = "nbgrader runs what it makes of `### AUTOTEST` in its hidden lines, and `autograder grade` does not"
        yield Statement(True, f"{name}: {test!r}: {told}")


def _solution(name: Path, result: Result) -> Iterator[Statement]:
    """The solution earns everything."""
    earned = f"{name}: {points(result.points)} of {points(result.max_points)} points"
    yield Statement(result.points == result.max_points, earned)
    for exercise in result.parts:
        if exercise.status is not Status.PASSED:
            yield Statement(False, f"  {_in_words(exercise)}")
    for line in (*result.warnings, *result.flags):
        yield Statement(False, f"  {line}")


def _untouched(name: Path, result: Result) -> Iterator[Statement]:
    """What students get earns nothing, and nothing of it counts as an attempt."""
    yield Statement(result.points == 0, f"{name}: {points(result.points)} of {points(result.max_points)} points")
    for exercise in result.exercises:
        if exercise.status is not Status.NOT_ATTEMPTED:
            yield Statement(False, f"  not untouched as released: {_in_words(exercise)}")
    for question in result.questions:
        if question.points:
            earned = f"{points(question.points)} of {points(question.max_points)} points"
            yield Statement(False, f"  your own question {question.key!r} gives {earned} to a notebook without answers")


def _in_words(exercise: ExerciseResult) -> str:
    said = next((check.message for check in exercise.checks if not check.passed), "")
    return f"{exercise.title}: {LOOKS[exercise.status].words}. {said}".strip()


def _questions(name: Path, solution: Release, release: Release, ours: set[str]) -> Iterator[Statement]:
    """What is graded is there with its points: the course's test cells, and questions that the instructor has added."""
    asked, given = solution.points, release.points
    for key in sorted(asked.keys() | given.keys()):
        if key not in given:
            what = "the test cell" if key in ours else "your own question"
            yield Statement(False, f"{name}: {what} {key!r} is missing")
        elif key not in asked:
            what = "test cell" if key in ours else "question"
            yield Statement(False, f"{name}: the {what} {key!r} is not in the solution")
        elif asked[key] != given[key]:
            yield Statement(False, f"{name}: {key!r} is worth {given[key]:g} points, in the solution {asked[key]:g}")
    own = {key: value for key, value in asked.items() if key not in ours}
    if own and own == {key: value for key, value in given.items() if key not in ours}:
        yield Statement(True, f"{name}: your own questions are all there ({len(own)})")


def _no_drift(folder: Path, assignments: Collection[str]) -> Iterator[Statement]:
    """What students get is what the solution makes."""
    if not (folder / CONFIG).is_file():
        yield Statement(True, f"no {CONFIG}: whether the release is what the source makes was not looked at")
    elif shown := difference(folder, assignments):
        first = _first_difference(shown)
        yield Statement(False, f"the release is not what the source makes, as in {first!r}; {_MAKE_IT}")
    else:
        yield Statement(True, "the release is what the source makes")


def _first_difference(shown: str) -> str:
    """The first line that differs; one of a cell's text rather than of its metadata, which hold checksums."""
    lines = shown.splitlines()
    changed = [line for line in lines if line.startswith(("+", "-")) and not line.startswith(("+++ ", "--- "))]
    texts = [line for line in changed if not line[1:].startswith("# metadata: ")]
    return (texts or changed or lines)[0]
