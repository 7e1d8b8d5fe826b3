"""Running a notebook of any assignment in the sandbox: its cells, and the instructor's tests at their places."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.engine.fleet import Fleet
from autograder.engine.identity import seed_of
from autograder.engine.messages import MOST_PICTURES, Begin, CellShown, SentFile
from autograder.engine.notebook_run import NotebookRun, Script, Shares, Step
from autograder.engine.options import Options
from autograder.engine.time_left import TimeLeft
from autograder.engine.workers import Workers
from autograder.judging.own_tests import OwnQuestion
from autograder.submissions.helper_files import HelperFile


@dataclass(frozen=True)
class NotebookShown:
    """What a notebook has shown.

    Attributes:
        cells: what stands below each step, by its number.
        questions: the result of each test, by its name.
        layers: each layer of the sandbox with ``on``, or why it is not.
    """

    cells: Mapping[int, CellShown]
    questions: Mapping[str, OwnQuestion]
    layers: Mapping[str, str]


def run_any_notebook(
    steps: tuple[Step, ...], files: tuple[HelperFile, ...], options: Options, fleet: Fleet
) -> NotebookShown:
    """Run a notebook as a kernel does; a cell may take a quarter of the time for the whole.

    Args:
        steps: its cells and tests, in order.
        files: what lies beside it.
        options: how it is run.
        fleet: where its workers come from.

    Raises:
        GraderFault: the grader itself cannot work; nothing is said about the notebook then.
        SandboxMissing: a required layer is not in force; no code of the student's was run.
    """
    told = json.dumps([step.source for step in steps])
    seed = seed_of(hashlib.sha256(told.encode()).hexdigest(), options.salt)
    sent = tuple(SentFile.of(file.name, file.content) for file in files)
    script = Script(
        steps=steps,
        begin=Begin((), options.device, seed, {}, sent),
        shares=Shares(options.timeout / 4, options.timeout),
        pictures=MOST_PICTURES,
    )
    workers = Workers(options, fleet)
    with fleet.judge(options) as judge:
        run = NotebookRun(script, workers, judge)
        run.run(TimeLeft(options.timeout), {})
    return NotebookShown(run.shown, run.questions, workers.report.layers if workers.report else {})
