"""Trying a training function again without the slip that stopped it, or that took a part of its loss away.

What it does otherwise then counts as it does without that slip, which is paid for once.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from types import FrameType
from typing import Any, Literal

from torch import Tensor
from torch.optim.optimizer import Optimizer

from autograder.autoencoders.rewriting.definitions import Place, Rewriting, likeliest, nodes_at, rewritten
from autograder.autoencoders.rewriting.effort import Effort
from autograder.autoencoders.rewriting.guesses.of_lines import guesses
from autograder.autoencoders.training.mending import mended, numbers_for_arrays, through_numpy, uncut
from autograder.autoencoders.training.probe import BATCHES, EPOCHS, Slip, TrainingRun
from autograder.autoencoders.training.put_in import put_in
from autograder.autoencoders.training.recording import Tape
from autograder.autoencoders.training.slips import BOTH, ERROR, KL, is_array_beside_tensor, is_explained, slip_to_mend

Mended = Callable[[dict[str, Any], Tape], AbstractContextManager[None]]
# How many slips of one function are mended one after the other.
_MOST_SLIPS = 4
_MOST_PUT_IN = 5
_OF_THE_LOOP = ("zero_grad", "backward", "step")


@dataclass(frozen=True)
class Attempt:
    """One run of the function.

    Attributes:
        run: what it did.
        error: what stopped it, if something did.
        frames: the student's functions that the error passed through, with the line in each, the outermost first.
    """

    run: TrainingRun
    error: BaseException | None = None
    frames: tuple[tuple[FrameType, int], ...] = ()

    @property
    def place(self) -> Place | None:
        """Where it stopped, with the line that is at fault, if that is another."""
        if not self.frames or self.run.failure is None:
            return None
        return Place.in_frames(self.frames, self.run.failure.line_number)

    @property
    def part(self) -> Literal["loss", "loop"]:
        """To which part of the function the line belongs that stopped."""
        place = self.place
        if self.run.steps or place is None or isinstance(getattr(self.error, "obj", None), Optimizer):
            return "loop"
        named = any(
            getattr(node, "attr", "") in _OF_THE_LOOP for node in nodes_at(replace(place, lines=place.lines[-1:]))
        )
        is_behind = len(place.lines) == 1 and isinstance(place.variables.get("loss"), Tensor)
        return "loop" if named or is_behind else "loss"


@dataclass(frozen=True)
class _Change:
    """One line that was mended: where and in which run it stopped, and what may have been meant."""

    stopped: Attempt
    place: Place
    meant: Rewriting

    @property
    def is_put_in(self) -> bool:
        """Whether a part of the loss stands there that nobody has written."""
        return self.meant.name in (ERROR, KL, BOTH)

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The slip; none where a run has stopped without a failure."""
        failure = self.stopped.run.failure
        return () if failure is None else (Slip(failure, self.stopped.part, self.meant.name),)


@dataclass(frozen=True)
class Trying:
    """How one function is tried.

    Attributes:
        attempt: runs it, as it stands in the names by then, within what mends a slip, if one has been seen.
        names: the globals of the student's functions.
        parts: the parts that its loss should have.
        effort: what may be spent on it.
    """

    attempt: Callable[[Mended | None], Attempt]
    names: dict[str, Any]
    parts: frozenset[str]
    effort: Effort

    def settle(self, first: Attempt) -> TrainingRun:
        """The run, or the one without its slip if that shows more."""
        run = self._without_slip(first.run)
        failure = first.run.failure
        is_at_its_end = first.run.step_count >= EPOCHS * len(BATCHES)
        is_seen = run.mended is not None or bool(run.cut)
        if is_seen or failure is None or failure.kind != "raised" or is_at_its_end:
            return run
        if is_explained(failure) or isinstance(first.error, (SystemExit, RecursionError, MemoryError)):
            return run
        found = None
        for one in self._without_lines(first, ()):
            if self._shows_all(one):
                return one
            if found is None or (BOTH in found.slip_names and BOTH not in one.slip_names):
                found = one
        return found or run

    def _shows_all(self, run: TrainingRun) -> bool:
        """Whether it shows every part of the loss, and not all of them put in."""
        return run.parts_sent == self.parts and BOTH not in run.slip_names

    def _without_slip(self, run: TrainingRun) -> TrainingRun:
        slip = slip_to_mend(run.failure)
        if run.steps:
            return self._uncut(run)
        if run.failure is not None and is_array_beside_tensor(run.failure):
            again = self.attempt(numbers_for_arrays).run
            found = self._uncut(again) if again.steps else again
            return found if found.cut else run
        if not slip or (slip == "kl-not-there" and "kl" not in self.parts):
            return run
        ways: list[Mended] = [partial(mended, run.failure)]
        if slip in ("plain-number", "detached"):
            ways.append(through_numpy)
        for way in ways:
            if (again := self.attempt(way).run).shows_its_loss:
                return replace(again, mended=run.failure)
        return run

    def _uncut(self, run: TrainingRun) -> TrainingRun:
        """The run, or the one without cuts if that shows a part of the loss which this one does not."""
        if run.parts_sent == self.parts or run.never_sent:
            return run
        for way in (uncut, through_numpy):
            again = self.attempt(way).run
            found = again.parts_sent - run.parts_sent
            if found and again.step_count == run.step_count and (again.failure is None) == (run.failure is None):
                cut: Any = next(iter(found)) if run.parts_sent else "all"
                return replace(again, cut=cut)
        return run

    def _without_lines(self, stopped: Attempt, changes: tuple[_Change, ...]) -> Iterator[TrainingRun]:
        """Runs of what may have been meant that come to their end, the likeliest first."""
        place, error = stopped.place, stopped.error
        if place is None or error is None:
            return
        further: list[tuple[Attempt, tuple[_Change, ...]]] = []
        for meant in (*guesses(error, place), *likeliest(put_in(error, place), _MOST_PUT_IN)):
            if self.effort.is_over:
                return
            tried = (*changes, _Change(stopped, place, meant))
            with rewritten([(one.place, one.meant) for one in tried], self.names) as is_there:
                if not is_there:
                    continue
                again = self.attempt(None)
                run = self._without_slip(again.run)
            is_whole = run.parts_sent == self.parts and run.mended is None
            if run.failure is None and run.is_finite and (run.parts_sent or run.has_sent):
                if meant.is_bold and not is_whole:
                    continue
                told = replace(run, rewritten=tuple(slip for one in tried for slip in one.slips))
                yield told
                if self._shows_all(told):
                    return
            elif not _is_alike(again, stopped):
                further.append((again, tried))
        if len(changes) + 1 < _MOST_SLIPS:
            # What gets beyond the line comes first; what nobody has written is tried beside what somebody has.
            further.sort(key=lambda one: _line_of(one[0]) == _line_of(stopped))
            written = [one for one in further if not one[1][-1].is_put_in]
            others = [one for one in further if one[1][-1].is_put_in]
            for again, tried in (*written[:1], *others[:1]):
                yield from self._without_lines(again, tried)


def _line_of(attempt: Attempt) -> int:
    return 0 if attempt.run.failure is None else attempt.run.failure.line_number


def _is_alike(one: Attempt, other: Attempt) -> bool:
    """Whether both stopped at the same line, or the first one in a way that says nothing more."""
    here, there = one.run.failure, other.run.failure
    if here is None or there is None or here.kind != "raised":
        return True
    return here.line_number == there.line_number and here.message == there.message
