"""Trying a class again without the slips that stopped it, so that what it does otherwise can be looked at.

Each slip is then paid for once. Only where nothing could be seen of the class: who is stopped by nothing is not asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from types import FunctionType
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from autograder.autoencoders.networks.mendable import Mendable
from autograder.autoencoders.rewriting.definitions import Place, Rewriting, place_of_class, rewritten
from autograder.autoencoders.rewriting.effort import Effort
from autograder.autoencoders.rewriting.guesses.of_classes import guesses
from autograder.autoencoders.rewriting.guesses.of_what_lacks import NEVER_MADE
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace, first_tensor, not_a_module, nothing_returned

# Guessing ends after so many seconds, and after so many slips; nor does it begin for a class that takes longer.
_LONGEST = 4.0
_MOST_SLIPS = 4
_LATENT_DIMS = 2
_BUILT = 6


M = TypeVar("M", bound=Mendable)


@dataclass(frozen=True)
class Stop:
    """Where and why a class stopped.

    Attributes:
        failure: what is told of it.
        error: the exception.
        place: where.
        in_training: whether it stops only where gradients are recorded.
    """

    failure: Failure
    error: BaseException
    place: Place
    in_training: bool = False


@dataclass(frozen=True)
class Trying:
    """How one class is tried.

    Attributes:
        workspace: the student's names.
        name: the class.
        cell: the exercise whose cell defines it.
        given: what a network of two latent dimensions is given.
        numbers: how many numbers it is to make of one image or latent.
        lacks: whether what is seen of it is not enough.
    """

    workspace: Workspace
    name: str
    cell: str
    given: Tensor
    numbers: int
    lacks: Callable[[Any], bool] = attrgetter("shows_nothing")

    def observe(self, observe: Callable[[], M]) -> M:
        """What is seen of the class, or without its slips if nothing is seen of it with them."""
        effort = Effort(_LONGEST)
        seen = observe()
        # Trying again takes as long at least: who is slow and stops would be told of the time in place of the error.
        if not self.lacks(seen) or effort.is_over:
            return seen
        # With weights of its own a class may come to its end by chance.
        first = next((stop for _ in range(_BUILT) if (stop := self._stop()) is not None), None)
        return seen if first is None else self._without_slips(first, observe) or seen

    def _without_slips(self, first: Stop, observe: Callable[[], M]) -> M | None:
        effort = Effort(_LONGEST)
        waiting: list[tuple[Stop, tuple[tuple[Stop, Rewriting], ...]]] = [(first, ())]
        while waiting:
            stop, before = waiting.pop()
            for meant in guesses(stop.error, stop.place, stop.failure):
                if effort.is_over:
                    return None
                tried = (*before, (stop, meant))
                with rewritten([(one.place, edit) for one, edit in tried], self.workspace.names) as is_there:
                    again = self._stop() if is_there else stop
                    may_show = (again is None or again.in_training) and self._may_stand(tried)
                    if may_show and not self.lacks(seen := observe()):
                        return replace(seen, slips=tuple(_told(*one) for one in tried))  # type: ignore[type-var]
                # What comes further, without coming to an end, is gone on with after all else.
                if again is not None and not waiting and not _is_alike(again, stop) and len(tried) < _MOST_SLIPS:
                    waiting.append((again, tried))
        return None

    def _may_stand(self, tried: Sequence[tuple[Stop, Rewriting]]) -> bool:
        """Whether a layer that mending has made, if one was, is of a size that leads to the right number of numbers."""
        if all(meant.name != NEVER_MADE for _, meant in tried):
            return True
        factory = self.workspace.find(self.name, self.cell)
        with torch.no_grad():
            made = first_tensor(self.workspace.attempt(lambda: factory(_LATENT_DIMS)(self.given.clone())))
        return made is not None and made.numel() == len(self.given) * self.numbers

    def _stop(self) -> Stop | None:
        """Where building the network or a call of it stops; ``None`` where neither does, or not in the class."""
        factory = self.workspace.find(self.name, self.cell)
        if isinstance(factory, Failure):
            return None
        is_called = False
        try:
            with torch.no_grad():
                built = factory(_LATENT_DIMS)
                if not isinstance(built, nn.Module):
                    return self._stop_at(factory, not_a_module(built), TypeError())
                built.to(self.workspace.device)
                made = [built(given.clone()) for given in (self.given, self.given[:1])]
                if all(one is None for one in made):
                    return self._stop_at(factory, nothing_returned(), TypeError())
            is_called = True
            built(self.given.clone())
        except (Exception, SystemExit) as error:
            failure = self.workspace.failure(error)
            return self._stop_at(factory, failure, error, is_called) if failure.kind == "raised" else None
        return None

    def _stop_at(self, factory: Any, failure: Failure, error: BaseException, in_training: bool = False) -> Stop | None:
        """The stop, with the last of the student's functions that the error passed through, or else the class."""
        if frames := self.workspace.frames(error):
            return Stop(failure, error, Place.in_frame(*frames[-1], failure.line_number), in_training)
        # A class without methods has left them outside.
        names = self.workspace.names
        own = getattr(factory, "__dict__", {}).values()
        methods = [one.__code__ for one in own if isinstance(one, FunctionType)]
        if methods:
            place: Place | None = Place(methods[0].co_filename, methods[0].co_firstlineno, names)
        elif isinstance(outside := names.get("__init__"), FunctionType):
            place = place_of_class(self.name, outside.__code__.co_filename, names)
        else:
            place = None
        return None if place is None else Stop(failure, error, place, in_training)


def _told(stop: Stop, meant: Rewriting) -> Failure:
    """What is told of a slip: with the misconception that mending it has shown, if that is another one."""
    return replace(stop.failure, holds=meant.name) if meant.name else stop.failure


def _is_alike(one: Stop, other: Stop) -> bool:
    """Whether both stopped at one line for one reason."""
    return (one.failure.line_number, one.failure.message) == (other.failure.line_number, other.failure.message)
