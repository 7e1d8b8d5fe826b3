"""Running the whole catalogue, in several processes at a time."""

import multiprocessing
import os
import queue
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.engine.levels import Level
from autograder.errors import AutograderError, UsageError
from proof.attacks.catalogue import Attack
from proof.attacks.lane import Lane
from proof.attacks.outcome import SLACK_SECONDS, AttackOutcome

_START_SECONDS = 240.0
_END_SECONDS = 20.0


def run_attacks(
    attacks: Sequence[Attack], checkout: Path, level: Level, lanes: int | None = None
) -> Iterator[AttackOutcome]:
    """What comes of each attack, in the order in which they end.

    Args:
        attacks: what to try.
        checkout: the course's checkout.
        level: the sandbox asked for.
        lanes: processes at a time; where it is not said two for each core, since most attacks wait more than they work.

    Raises:
        UsageError: grading does not work here at all, or this is not Linux.
    """
    if sys.platform != "linux":
        raise UsageError("attacks are tried on Linux only; run it there or in a container")
    if not attacks:
        return
    count = min(lanes or 2 * (os.cpu_count() or 1), len(attacks))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(_folder()))
        idle: queue.SimpleQueue[_Remote] = queue.SimpleQueue()
        remotes = [stack.enter_context(closing(_Remote(checkout, folder / str(n), level))) for n in range(count)]
        for remote in remotes:
            idle.put(remote)

        def attempt(attack: Attack) -> AttackOutcome:
            remote = idle.get()
            try:
                return remote.run(attack)
            finally:
                idle.put(remote)

        pool = stack.enter_context(ThreadPoolExecutor(count))
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        # Attacks of one theme try alike: floods at the same time would be taken for a larger one.
        mixed = [attack for start in range(count) for attack in attacks[start::count]]
        for future in as_completed([pool.submit(attempt, attack) for attack in mixed]):
            yield future.result()


def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="autograder-proof-", ignore_cleanup_errors=True)


class _Remote:
    """A lane in a process of its own: one that an attack ends, hangs or leaves marks on is replaced."""

    def __init__(self, checkout: Path, folder: Path, level: Level) -> None:
        self._arguments = (checkout, folder, level)
        self._started = 0
        self._open()

    def _open(self) -> None:
        checkout, folder, level = self._arguments
        self._started += 1
        lane_folder = folder / str(self._started)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, checkout, lane_folder, level), daemon=True)
        # Graders are started like this; workers must be able to read none of it.
        before = os.environ.get("PYTHONPATH", "")
        os.environ["PYTHONPATH"] = os.pathsep.join(("", str(lane_folder / "course"), before))
        self._process.start()
        os.environ["PYTHONPATH"] = before
        theirs.close()
        self._ready = False

    def run(self, attack: Attack) -> AttackOutcome:
        """What comes of an attack.

        Raises:
            UsageError: grading does not work here at all.
        """
        if not self._ready:
            self._wait_until_ready()
        try:
            self._pipe.send(attack)
            if self._pipe.poll(attack.timeout + 2 * SLACK_SECONDS):
                answer = self._pipe.recv()
                assert isinstance(answer, AttackOutcome)
                if answer.marked:
                    self._replace()
                return answer
            how = "the grader hangs"
        except (EOFError, OSError):
            how = "the grader's own process was ended"
        self._process.kill()
        self._replace()
        return AttackOutcome(attack, (how,), "nothing")

    def _replace(self) -> None:
        self.close()
        self._open()

    def _wait_until_ready(self) -> None:
        try:
            fault = self._pipe.recv() if self._pipe.poll(_START_SECONDS) else "it does not start"
        except EOFError:
            fault = "it ended while it started"
        if fault:
            raise UsageError(f"attacks cannot be tried here: {fault}")
        self._ready = True

    def close(self) -> None:
        """End the lane."""
        self._pipe.close()
        if self._ready:
            self._process.join(_END_SECONDS)
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, checkout: Path, folder: Path, level: Level) -> None:
    """In the lane's process: say that all is ready, or why not, then answer until the pipe is closed."""
    try:
        lane = Lane(checkout, folder, level)
    except AutograderError as error:
        pipe.send(str(error))
        return
    with closing(lane), suppress(EOFError, BrokenPipeError):
        pipe.send("")
        while True:
            pipe.send(lane.run(pipe.recv()))
