"""What a training function did, update by update: the rows of the probe's batches that passed through the model.

Images may go through it at once, one by one, several times, or through the encoder and the decoder apart. What counts
is what reaches each image's reconstruction, and the KL term of its latent, before the model is changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import numpy as np
import numpy.typing as npt

from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.training.probe import SHAPES, Forward, Step, TrainingRun, batches
from autograder.course.draws import Float64Array

_LEAST_CORRELATION = 0.6
Numbers = npt.NDArray[np.int64]
# In place of the number of one of the probe's batches.
MIXED = -1


@dataclass(frozen=True)
class Update:
    """The passes before a change of the model, and that change: one optimizer's step, or one of each of several.

    Attributes:
        forwards: the passes.
        steps: the steps; none for passes that no step has followed.
    """

    forwards: tuple[Forward, ...]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Pass:
    """One batch of the probe and what an update's passes made of it; arrays have a row for each of its images.

    Attributes:
        batch: which of the probe's batches; ``MIXED`` where batches were put together anew from the same images.
        images: its images, (B, 784).
        given: what the encoder was given for them, NaN where nothing was.
        reconstruction: the last reconstruction of each, NaN where there is none.
        gradient: the loss's gradient at the reconstructions, 0 where none arrived.
        kl: the value of the KL term that a gradient has arrived at, or else of the last one.
        kl_weights: the loss's gradient at each image's KL term, (B,), 0 where none arrived.
        elsewhere: the loss's gradient at the KL terms of other images, of which it holds no error.
        is_alone: whether no other batch passed through the model before the same step.
        rows: of batches that are put together anew, which of the probe's images these are.
        beside: the loss's gradient at the KL terms of other images, of which it holds the error as well.
    """

    batch: int
    images: Float64Array
    given: Float64Array
    reconstruction: Float64Array
    gradient: Float64Array
    kl: float
    kl_weights: Float64Array
    elsewhere: float
    is_alone: bool
    rows: tuple[int, ...] = ()
    beside: float = 0.0

    @cached_property
    def has_gradient(self) -> Float64Array:
        """For each image whether a gradient arrived at its reconstruction, (B,); one that is NaN has arrived."""
        reached: Float64Array = (self.gradient != 0.0).any(axis=1)
        return reached

    @cached_property
    def is_finite(self) -> bool:
        """Whether the gradient at the reconstructions holds numbers alone."""
        return bool(np.isfinite(self.gradient).all())

    def of_its_images(self) -> "Pass":
        """The same with a row for each image that the encoder was given, and none for the others of the batch."""
        rows = ~np.isnan(self.given[:, 0])
        return replace(
            self,
            images=self.images[rows],
            given=self.given[rows],
            reconstruction=self.reconstruction[rows],
            gradient=self.gradient[rows],
            kl_weights=self.kl_weights[rows],
        )

    @cached_property
    def is_given_unchanged(self) -> bool:
        """Whether the encoder was given the images as they are."""
        given = ~np.isnan(self.given[:, 0])
        return bool(np.allclose(self.given[given], self.images[given], atol=1e-6))


def updates(run: TrainingRun) -> list[Update]:
    """The updates of a run; where there was no step, all its passes as one.

    Several optimizers that each hold a part of the model and step one after the other make one update.
    """
    if not run.steps:
        return [Update(group) for group in _without_steps(run)]
    found: list[Update] = []
    for step in run.steps:
        last = found[-1] if found else None
        if last is not None and not step.forwards and not np.any(step.arrived) and _are_apart(last.steps, step):
            found[-1] = Update(last.forwards, (*last.steps, step))
        else:
            found.append(Update(step.forwards, (step,)))
    return found


def _without_steps(run: TrainingRun) -> list[tuple[Forward, ...]]:
    """The passes of a run without a step; of one that did not stop, each that a gradient reached ends a group."""
    if run.failure is not None:
        return [run.trailing] if run.trailing else []
    groups: list[tuple[Forward, ...]] = [()]
    for forward in run.trailing:
        groups[-1] += (forward,)
        if forward.gradient is not None:
            groups.append(())
    return [group for group in groups if group]


def _are_apart(before: Sequence[Step], step: Step) -> bool:
    """Whether the step changes other parameters than those before it."""
    return not any(mine and theirs for one in before for mine, theirs in zip(step.held, one.held, strict=True))


def by_parameter(flat: Float64Array) -> list[Float64Array]:
    """The parts of what is flattened that belong to each parameter, in its shape."""
    ends = np.cumsum([int(np.prod(shape)) for shape in SHAPES])
    parts = np.split(np.asarray(flat, dtype=np.float64), ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True)]


def passes(seed: int, exercise: str, run: TrainingRun) -> list[Pass]:
    """What each update went over; updates that went over none of the probe's images are left out."""
    known = [batch.reshape(len(batch), -1) for batch in batches(seed, exercise)]
    every, each = np.concatenate(known), updates(run)
    places = [[_found(every, forward) for forward in update.forwards] for update in each]
    owner = np.repeat(np.arange(len(known)), [len(batch) for batch in known])
    if any(len(set(owner[one[one >= 0]])) > 1 for row in places for one in row if one is not None):
        mixed = (_put_together(every, update.forwards, row) for update, row in zip(each, places, strict=True))
        return [one for one in mixed if one is not None]
    found = (_assembled(known, owner, update.forwards, row) for update, row in zip(each, places, strict=True))
    return _in_parts([one for one in found if one is not None])


def _found(every: Float64Array, forward: Forward) -> Numbers | None:
    return None if forward.images is None else _places(every, np.asarray(forward.images, np.float64))


def _put_together(every: Float64Array, forwards: Sequence[Forward], places: Sequence[Numbers | None]) -> Pass | None:
    """A batch that was put together anew: its images are those that the model was given."""
    sent = [
        place
        for forward, place in zip(forwards, places, strict=True)
        if place is not None and (forward.gradient is not None or bool(forward.kl_gradient))
    ]
    used = np.concatenate(sent or [place for place in places if place is not None] or [np.zeros(0, int)])
    used = used[used >= 0]
    if not len(used):
        return None
    # One image may be in a batch twice, where that went through the model at once.
    rows = used if len(sent) == 1 else np.array(list(dict.fromkeys(used.tolist())), dtype=int)
    row_of = np.full(len(every) + 1, -1)  # the last one for images that are not known
    row_of[rows] = np.arange(len(rows))
    own = [None if place is None else row_of[place] for place in places]
    if len(sent) == 1:
        own = [
            np.where(place >= 0, np.cumsum(place >= 0) - 1, -1) if place is sent[0] else one
            for place, one in zip(places, own, strict=True)
        ]
    return replace(_filled(MIXED, every[rows], forwards, own), rows=tuple(rows.tolist()))


def _in_parts(every: list[Pass]) -> list[Pass]:
    """The same, where updates in a row go over the parts of one batch each with the images of its part alone."""
    made: list[Pass] = []
    for _, group in groupby(every, key=lambda one: one.batch):
        row = list(group)
        times = np.sum([~np.isnan(one.given[:, 0]) for one in row], axis=0)
        is_divided = bool(np.all(times == times[0])) and 0 < times[0] < len(row)
        made += [one.of_its_images() for one in row] if is_divided else row
    return made


def _assembled(
    known: list[Float64Array], owner: Numbers, forwards: Sequence[Forward], places: Sequence[Numbers | None]
) -> Pass | None:
    """The batch that the passes went over: the one that most gradients arrived at, or most images came from."""
    votes = np.zeros(len(known))
    for forward, found in zip(forwards, places, strict=True):
        if found is not None and np.any(found >= 0):
            sent = forward.gradient is not None or bool(forward.kl_gradient)
            np.add.at(votes, owner[found[found >= 0]], 1000.0 if sent else 1.0)
    if not votes.any():
        return None
    chosen = int(np.argmax(votes))
    first = int(np.argmax(owner == chosen))
    made = _filled(chosen, known[chosen], forwards, [None if one is None else one - first for one in places])
    return replace(made, is_alone=bool(np.count_nonzero(votes) == 1))


def _filled(chosen: int, images: Float64Array, forwards: Sequence[Forward], places: Sequence[Numbers | None]) -> Pass:
    rows = len(images)
    given, reconstruction = np.full((2, rows, PIXELS), np.nan)
    gradient, kl_weights = np.zeros((rows, PIXELS)), np.zeros(rows)
    used: list[float] = []
    known, elsewhere, beside = 0.0, 0.0, 0.0
    for forward, place in zip(forwards, places, strict=True):
        weight = forward.kl_gradient or 0.0
        inside = np.zeros(0, dtype=bool) if place is None else (place >= 0) & (place < rows)
        if place is None or forward.images is None or not inside.any():
            # Where the error of those images is in the loss as well, they are a batch of the same step.
            elsewhere += 0.0 if forward.gradient is not None else abs(weight)
            beside += abs(weight) if forward.gradient is not None else 0.0
            continue
        at = place[inside]
        given[at] = forward.images[inside]
        np.add.at(kl_weights, at, weight)
        known = known if forward.kl is None else forward.kl
        used += [forward.kl] if weight and forward.kl is not None else []
        if forward.reconstruction is None or len(forward.reconstruction) != len(inside):
            continue
        # A look without gradient, such as at samples, says nothing about what the loss was taken of.
        if forward.gradient is not None or np.isnan(reconstruction[at]).any():
            reconstruction[at] = forward.reconstruction[inside]
        if forward.gradient is not None:
            np.add.at(gradient, at, np.asarray(forward.gradient, np.float64)[inside])
    return Pass(
        chosen, images, given, reconstruction, gradient, sum(used) or known, kl_weights, elsewhere, True, (), beside
    )


def _places(every: Float64Array, images: Float64Array) -> Numbers:
    """For each image the probe's image that it is, or was made of; -1 where that cannot be told."""
    finite = np.nan_to_num(images, posinf=0.0, neginf=0.0)
    distances = (finite**2).sum(axis=1)[:, None] + (every**2).sum(axis=1) - 2.0 * finite @ every.T
    nearest = distances.argmin(axis=1)
    exact = np.abs(finite - every[nearest]).max(axis=1) < 1e-6
    correlation = _centred(finite) @ _centred(every).T
    alike = np.abs(correlation).argmax(axis=1)
    clear = np.abs(correlation).max(axis=1) > _LEAST_CORRELATION
    return np.where(exact, nearest, np.where(clear, alike, -1))


def _centred(rows: Float64Array) -> Float64Array:
    centred = rows - rows.mean(axis=1, keepdims=True)
    lengths = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    scaled: Float64Array = centred / np.where(lengths > 0.0, lengths, 1.0)
    return scaled
