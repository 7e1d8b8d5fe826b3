"""The worker: the untrusted process that runs student code and makes observations. It never judges."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import matplotlib as mpl
import numpy as np
import torch

import autograder
from autograder.course.course import Course
from autograder.course.installed import find_course
from autograder.course.observation import Failure
from autograder.course.release import code_lines, defined_in
from autograder.engine import wire
from autograder.engine.messages import (
    Ask,
    Begin,
    Begun,
    CellRun,
    CellShown,
    CloseIn,
    Observe,
    Observed,
    Ready,
    Reply,
    Request,
    RunCells,
    ShowCell,
    WorkerReport,
)
from autograder.engine.sandbox import layers
from autograder.engine.worker import show
from autograder.engine.worker.execute import CellTimeout, run_cell, time_budget
from autograder.engine.worker.own_files import put_down
from autograder.engine.worker.show import show_cell
from autograder.engine.worker.surroundings import END, would_define
from autograder.instruments.absent_devices import keep_default_device
from autograder.instruments.calling import Workspace
from autograder.instruments.compiling import compile_nothing
from autograder.instruments.loading import load_in_process
from autograder.instruments.quiet import without_trace
from autograder.instruments.seeding import observe_seeded, seed_draws
from autograder.instruments.stand_ins import as_it_stood, in_place
from autograder.instruments.torchvision_operators import make_importable
from autograder.instruments.warm_up import warm_up_device, warm_up_for_forks
from autograder.submissions.submission import Cell

_SOME_CELL = "A cell of your own"
_LEAST = 10  # a cell has at least this part of its seconds, however long the others took


def preload(course: Course) -> None:
    """Import all that probes and notebooks use, before the sandbox closes the way to the files."""
    mpl.use("Agg")
    make_importable()
    import matplotlib.pyplot
    import torchvision

    del matplotlib, torchvision
    for key in course.keys:
        course.observe(key)
    warm_up_for_forks()
    _warm_up_wire()
    course.module("stand_ins").prepare()
    compile_nothing()
    show.prepare()
    load_in_process()
    keep_default_device()
    layers.prepare(course.folder)
    # In a notebook these grade; here they would only be in the way.
    vars(autograder).update(check=lambda *_, **__: 0.0, hint=lambda *_, **__: None, progress=lambda *_, **__: None)


def _warm_up_wire() -> None:
    """Have the types of messages worked out, which takes as long as a quarter of a submission."""
    wire.decode(wire.encode(Request("", Begin((), "cpu", 0, {}))), Request)
    wire.encode(Reply("", Observed(np.zeros(1, np.float32))))


class Worker:
    """Answers the grader's requests, one at a time."""

    def __init__(self, course: Course, read: Callable[[int], bytes], write: Callable[[bytes], object]) -> None:
        self._course = course
        self._read = read
        self._write = write
        self.workspace = Workspace(_main_names())
        self._own = 0  # which of the cells of the student's own is running
        self._at_tests: dict[str, Workspace] = {}
        self._stand_ins: Mapping[str, Any] = {}

    def serve(self) -> None:
        """Answer until the grader closes the channel."""
        while True:
            try:
                request = wire.decode(wire.receive(self._read), Request)
            except wire.Closed:
                return
            for answer in self._answers(request.ask):
                self._send(request.id, answer)

    def _answers(self, ask: Ask) -> Iterator[Any]:
        match ask:
            case CloseIn():
                yield self._close_in(ask)
            case Begin():
                yield self._begin(ask)
            case RunCells():
                yield from self._run_cells(ask)
            case Observe():
                yield self._observe(ask)
            case ShowCell():
                yield self._show_cell(ask)

    def _send(self, request: str, answer: Any) -> None:
        try:
            wire.send(self._write, wire.encode(Reply(request, answer)))
        except wire.WireError as error:
            wire.send(self._write, wire.encode(Reply(request, Observed[Any](failed=str(error)))))

    def _close_in(self, ask: CloseIn) -> WorkerReport:
        try:
            warm_up_device(ask.limits.device)
        except (RuntimeError, AssertionError) as error:
            return WorkerReport({}, no_device=f"{type(error).__name__}: {error}"[:200])
        os.chdir(ask.limits.scratch)  # without a sandbox as well: what student code writes belongs there
        return WorkerReport(layers.enter(ask.limits, ask.level), sys.version.split()[0], torch.__version__)

    def _begin(self, ask: Begin) -> Begun:
        self.workspace = Workspace(self.workspace.names, dict(ask.broken), frozenset(ask.given), ask.device)
        self._at_tests = {}
        put_down(ask.files)
        self._stand_ins = self._course.module("stand_ins").make(self.workspace)
        seed_draws(ask.seed)
        return Begun()

    def _run_cells(self, ask: RunCells) -> Iterator[CellRun]:
        """Run cells, and keep what stands at the place of each test: a later cell's experiments do not count there."""
        ends = time.monotonic() + ask.seconds_in_all
        own = 0
        for one in ask.left_out:
            name = f"The cell `{one.cell.name}`" if one.cell.name else _SOME_CELL
            self._note_lost(one.cell, replace(one.why, holds=END, name=name))
        for number, cell in ask.cells:
            for key, place in ask.tests.items():
                if place <= number and key not in self._at_tests:
                    self._at_tests[key] = self.workspace.as_it_stands()
            left = max(ends - time.monotonic(), ask.seconds / _LEAST)
            own += not (cell.name or self.workspace.given.issuperset(code_lines(cell.source)))
            self._own = own + sum(one.number < number and not one.cell.name for one in ask.left_out)
            yield self._run_cell(number, cell, min(ask.seconds, left))

    def _run_cell(self, number: int, cell: Cell, seconds: float) -> CellRun:
        with in_place(self.workspace, self._stand_ins):
            failure = run_cell(cell, number, self.workspace, seconds)
        failure = self._note_stopped(cell, failure, f"Your own cell {self._own}")
        wanted = {known.name for known in self._course.exercises if known.cell == cell.name}
        self.workspace.note_renamed(wanted, defined_in(cell.source))
        return CellRun(failure)

    def _show_cell(self, ask: ShowCell) -> CellShown:
        names = self.workspace.names
        if ask.stand_ins == "there":
            names.update({name: value for name, value in self._stand_ins.items() if name not in names})
        else:  # settings such as the device are what the notebook's own would be
            for name, value in self._stand_ins.items():
                if names.get(name) is value and not isinstance(value, (int, str)):
                    del names[name]
        shown = show_cell(ask.cell, ask.number, self.workspace, ask.seconds, ask.pictures)
        return replace(shown, failure=self._note_stopped(ask.cell, shown.failure, _SOME_CELL))

    def _note_stopped(self, cell: Cell, failure: Failure | None, own: str) -> Failure | None:
        """Note what is missing because a cell has stopped; ``own`` is what a cell of the student's own is called.

        Returns:
            The failure; with the cell's name, where it is what the grader lacks that stopped it.
        """
        if failure is None:
            return None
        if failure.holds and not failure.name and failure.kind in ("surroundings", "timeout"):
            failure = replace(failure, name=f"The cell `{cell.name}`" if cell.name else own)
            lost = self._note_lost(cell, failure)
            failure = failure if cell.name else lost
        elif failure.kind == "surroundings":  # it misses what an earlier cell would have defined
            self._note_lost(cell, failure)
        if cell.name:
            self.workspace.broken[cell.name] = failure
        return failure

    def _note_lost(self, cell: Cell, failure: Failure) -> Failure:
        """Note what is missing because something that the grader lacks has stopped a cell; gives what will be said."""
        lost = replace(failure, kind="surroundings")
        missing = would_define(cell.source) - set(self.workspace.names)
        self.workspace.lost.update(dict.fromkeys(missing, lost))
        return lost

    def _observe(self, ask: Observe) -> Observed[Any]:
        try:
            earlier = self._at_tests.get(ask.exercise) if ask.standing == "at its test" else None
            with (
                time_budget(ask.seconds),
                without_trace({}),
                as_it_stood(self.workspace, earlier or self.workspace) as workspace,
                in_place(workspace, self._stand_ins),
            ):
                return Observed(observe_seeded(self._course, ask.exercise, workspace, ask.seed))
        except CellTimeout:
            return Observed(timed_out=True)
        except MemoryError:
            return Observed(failed="MemoryError: your code asked for more memory than there is")
        except Exception as error:
            return Observed(failed=f"{type(error).__name__}: {error}"[:300])


def _main_names() -> dict[str, Any]:
    """A fresh ``__main__``, as a notebook has it."""
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    return module.__dict__


def no_standard_streams() -> None:
    """Let standard input, output and error lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


def main() -> None:
    """Serve on what the grader has opened as standard input and output; student code sees neither.

    The one argument is the course's key.
    """
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")

    def write(data: bytes) -> None:
        replies.write(data)
        replies.flush()

    no_standard_streams()
    course = find_course(sys.argv[1])
    preload(course)
    wire.send(write, wire.encode(Ready()))
    Worker(course, requests.read, write).serve()


if __name__ == "__main__":
    main()
