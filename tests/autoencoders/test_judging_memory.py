"""What a judge holds is bounded, even for the largest observation that counts as complete."""

import dataclasses
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.autoencoders.exercises.interpolate import probe as interpolate
from autograder.autoencoders.exercises.kl import probe as kl
from autograder.autoencoders.exercises.variational_encoder import probe as sampling
from autograder.autoencoders.networks.probe import NetworkObservation, NetworkRun
from autograder.autoencoders.training import probe as training
from autograder.course.observation import CallResult, Parameter
from autograder.engine.wire import LARGEST_BODY

SEED = 11
# Beside the message: what is drawn for the largest module that counts, in single and in double precision, and a copy.
MOST_BESIDES = 128 << 20
LARGEST = tuple(Parameter("w", (2000, 2000)) for _ in range(2))


def floats(*shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.full(shape, 0.5, np.float32)


def result(*shape: int) -> CallResult:
    return CallResult(floats(*shape))


def network() -> NetworkObservation:
    def run(latent_dims: int) -> NetworkRun:
        outputs = (result(2_500_000),) * 3
        small = result(5, latent_dims)
        return NetworkRun(latent_dims, None, LARGEST, outputs, *(small,) * 7, gradient=(1.0, 1.0))

    return NetworkObservation((run(2), run(7)))


def walks() -> interpolate.Observation:
    rows = interpolate.MOST_ROWS
    counts = (*interpolate.COUNTS, None, interpolate.VARIED_COUNT)
    *calls, varied = (interpolate.Call(count, floats(rows, 784), floats(rows, 3)) for count in counts)
    return interpolate.Observation(tuple(calls), varied=varied)


def trained() -> training.TrainingRun:
    rows = training.MOST_ROWS
    forward = training.Forward(floats(rows, 784), floats(rows, 784), floats(rows, 784), 1.0, 1.0)
    used = floats(training.PARAMETERS)
    step = training.Step((forward,) * training.MOST_PASSES, used, used, 0, (True,) * 4, used)
    return training.TrainingRun(steps=(step,), step_count=1, returned="model")


def samples() -> sampling.Observation:
    def run(latent_dims: int) -> sampling.SamplingRun:
        steered = tuple(result(6, latent_dims) for _ in sampling.LEVELS)
        return sampling.SamplingRun(
            latent_dims,
            parameters=LARGEST,
            outputs=(result(1_500_000),) * 3,
            steered=steered,
            rebuilt=steered[0],
            alternating=steered[1],
            evaluated=steered[:2],
            repeated=result(1_500_000),
            copies=result(1_500_000),
            gradient=(1.0, 1.0),
        )

    runs = (run(2), run(7))
    return sampling.Observation(runs, runs)


def divergences() -> kl.Observation:
    def run(latent_dims: int) -> kl.KlRun:
        def batch(count: int) -> kl.Batch:
            return kl.Batch((result(count, latent_dims),) * 2, (result(1_000_000),) * 2)

        again = kl.Batch((result(1, latent_dims),), (result(1_000_000),))
        batches = tuple(map(batch, kl.BATCHES[latent_dims]))
        return kl.KlRun(
            latent_dims,
            None,
            LARGEST,
            batches,
            again,
            result(1),
            gradient=(1.0, 1.0),
            latent_gradient=(1.0, 1.0),
            near=result(1_000_000),
        )

    return kl.Observation((run(2), run(7)))


MADE = {
    "encoder": network,
    "decoder": network,
    "train": trained,
    "train_vae": trained,
    "variational_encoder": samples,
    "kl": divergences,
    "interpolate": walks,
}


def size(part: object) -> int:
    if isinstance(part, np.ndarray):
        return int(part.nbytes)
    if isinstance(part, tuple):
        return sum(map(size, part))
    return (
        sum(size(getattr(part, entry.name)) for entry in dataclasses.fields(part))
        if dataclasses.is_dataclass(part)
        else 0
    )


@pytest.mark.parametrize("key", MADE)
def test_a_judge_holds_little_more_than_the_largest_message(key: str) -> None:
    make: Callable[[], Any] = MADE[key]
    seen = make()
    assert key == "interpolate" or size(seen) > LARGEST_BODY // 4
    tracemalloc.start()
    try:
        with np.errstate(all="ignore"):
            AUTOENCODERS.judge(key)(SEED, seen)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size(seen) + MOST_BESIDES
