"""The worker: the untrusted process that runs student code and makes observations. It never judges."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import matplotlib as mpl
import torch

from autograder.datasets.torchvision_operators import make_importable
from autograder.engine import sandbox, wire
from autograder.engine.execute import CellTimeout, run_cell, time_budget
from autograder.engine.levels import Level, Limits
from autograder.engine.wire import Message
from autograder.exercises.catalogue import KEYS, observe_of
from autograder.exercises.observation import Failure
from autograder.observing.calling import Workspace
from autograder.observing.draws import seed_draws
from autograder.observing.quiet import without_trace
from autograder.observing.recording import Tape
from autograder.observing.stand_ins import StandIns, in_place, make
from autograder.observing.warm_up import warm_up_device, warm_up_for_forks
from autograder.reading.submission import Cell


def preload() -> None:
    """Import all that probes and notebooks use, before the sandbox closes the way to the files."""
    mpl.use("Agg")
    make_importable()
    import matplotlib.pyplot
    import torchvision

    import autograder.datasets.mnist

    del matplotlib, torchvision
    for key in KEYS:
        observe_of(key)
    warm_up_for_forks()
    sandbox.prepare()
    # In a notebook these grade; here they would only be in the way.
    vars(autograder).update(check=lambda *_, **__: 0.0, hint=lambda *_, **__: None, progress=lambda *_, **__: None)


class Worker:
    """Answers the grader's requests, one at a time."""

    def __init__(self, read: Callable[[int], bytes], write: Callable[[bytes], object]) -> None:
        self._read = read
        self._write = write
        self.workspace = Workspace(_main_names())
        self._stand_ins = StandIns({}, Tape())

    def serve(self) -> None:
        """Answer until the grader closes the channel."""
        answers = {"enter": self._enter, "begin": self._begin, "cell": self._cell, "observe": self._observe}
        while True:
            try:
                request = wire.receive(self._read)
            except wire.Closed:
                return
            reply = answers[request.head["op"]](request.head)
            self._send(request.head["id"], reply)

    def _send(self, number: int, reply: Message) -> None:
        head = {**reply.head, "id": number}
        try:
            wire.send(self._write, Message(head, reply.arrays))
        except wire.WireError as error:
            wire.send(self._write, Message({"id": number, "failed": str(error)}))

    def _enter(self, request: Mapping[str, Any]) -> Message:
        limits = Limits(**request["limits"])
        try:
            warm_up_device(limits.device)
        except (RuntimeError, AssertionError) as error:
            return Message({"no_device": f"{type(error).__name__}: {error}"[:200]})
        layers = sandbox.enter(limits, Level(request["level"]))
        return Message({"layers": layers, "python": sys.version.split()[0], "torch": torch.__version__})

    def _begin(self, request: Mapping[str, Any]) -> Message:
        broken = {name: Failure(**failure) for name, failure in request["broken"].items()}
        given = frozenset(request["given"])
        self.workspace = Workspace(self.workspace.names, broken, given, request["device"])
        self._stand_ins = make(self.workspace)
        seed_draws(request["seed"])
        return Message({})

    def _cell(self, request: Mapping[str, Any]) -> Message:
        cell = Cell(**request["cell"])
        with in_place(self.workspace, self._stand_ins):
            failure = run_cell(cell, request["number"], self.workspace, request["seconds"])
        if failure is None:
            return Message({"failure": None})
        if cell.name:
            self.workspace.broken[cell.name] = failure
        return Message({"failure": asdict(failure)})

    def _observe(self, request: Mapping[str, Any]) -> Message:
        observe = observe_of(request["exercise"])
        try:
            with time_budget(request["seconds"]), without_trace({}), in_place(self.workspace, self._stand_ins):
                return wire.pack(observe(self.workspace, request["seed"]))
        except CellTimeout:
            return Message({"late": True, "seconds": request["seconds"]})
        except MemoryError:
            return Message({"failed": "MemoryError: your code asked for more memory than there is"})
        except Exception as error:
            return Message({"failed": f"{type(error).__name__}: {error}"[:300]})


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
    """Serve on what the grader has opened as standard input and output; student code sees neither."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")

    def write(data: bytes) -> None:
        replies.write(data)
        replies.flush()

    no_standard_streams()
    preload()
    wire.send(write, Message({"ready": True}))
    Worker(requests.read, write).serve()


if __name__ == "__main__":
    main()
