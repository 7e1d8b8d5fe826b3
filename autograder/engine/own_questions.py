"""What an instructor's own tests make of a submission, once its exercises are graded."""

from collections.abc import Mapping, Sequence

from autograder.course.observation import Failure
from autograder.engine.judge_process import JudgeProcess
from autograder.engine.notebook_run import NotebookRun, Script, Shares, Step
from autograder.engine.options import Options
from autograder.engine.time_left import TimeLeft, cell_seconds
from autograder.engine.workers import Workers, begin_of
from autograder.judging.own_tests import OwnQuestion
from autograder.submissions.own_tests import OwnTest, given_by_drivers, own_tests
from autograder.submissions.submission import Cell, Submission


def ask_own_questions(
    submission: Submission,
    options: Options,
    workers: Workers,
    judge: JudgeProcess,
    *,
    skipped: Mapping[int, Failure],
    broken: Mapping[str, Failure],
) -> tuple[OwnQuestion, ...]:
    """The result of each of the instructor's own tests.

    A fresh worker runs the cells once more, and each test where it stands: so nothing of the exercises depends on a
    test, and the time for the whole is there once more.

    Args:
        submission: the submission.
        options: how it is graded.
        workers: where it is run.
        judge: who reads what workers send.
        skipped: the cells, by number, that have ended a worker before.
        broken: what stopped cells before, by their names.
    """
    tests = own_tests(options.course, submission.release)
    if not tests:
        return ()
    steps = _up_to_the_last_test(submission.cells, tests, submission.tests)
    script = Script(
        steps=steps,
        begin=begin_of(submission, options, broken),
        shares=Shares(cell_seconds(options.timeout), options.timeout / 3),
        stand_ins="there",
        missing=given_by_drivers(submission.release),
    )
    run = NotebookRun(script, workers, judge)
    cells = [number for number, step in enumerate(steps) if isinstance(step, Cell)]
    run.run(TimeLeft(options.timeout), {cells[at]: failure for at, failure in skipped.items() if at < len(cells)})
    return tuple(run.questions[test.name] for test in tests)


def _up_to_the_last_test(
    cells: Sequence[Cell], tests: Sequence[OwnTest], places: Mapping[str, int]
) -> tuple[Step, ...]:
    """The cells with the tests at their places; what comes after the last of those need not be run."""
    steps: list[Step] = []
    for number in range(max(places.get(test.name, len(cells)) for test in tests) + 1):
        steps += [test for test in tests if places.get(test.name, len(cells)) == number]
        steps += cells[number : number + 1]
    while isinstance(steps[-1], Cell):
        steps.pop()
    return tuple(steps)
