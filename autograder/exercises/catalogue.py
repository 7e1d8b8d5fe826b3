"""All exercises in the notebook's order, and the way to each one's two functions."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from autograder.errors import UsageError
from autograder.exercises.decoder.texts import DECODER
from autograder.exercises.definition import Exercise
from autograder.exercises.encoder.texts import ENCODER
from autograder.exercises.interpolate.texts import INTERPOLATE
from autograder.exercises.judgement import Judgement
from autograder.exercises.kl.texts import KL
from autograder.exercises.train.texts import TRAIN
from autograder.exercises.train_vae.texts import TRAIN_VAE
from autograder.exercises.variational_encoder.texts import VARIATIONAL_ENCODER

if TYPE_CHECKING:
    from autograder.observing.calling import Workspace

EXERCISES: tuple[Exercise, ...] = (ENCODER, DECODER, TRAIN, VARIATIONAL_ENCODER, KL, TRAIN_VAE, INTERPOLATE)
KEYS: tuple[str, ...] = tuple(exercise.key for exercise in EXERCISES)

Observe = Callable[["Workspace", int], Any]
Judge = Callable[[int, Any], Judgement]


class UnknownExercise(UsageError):
    """There is no exercise of that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"there is no exercise {key!r}; the keys are {', '.join(KEYS)}")


def exercise(key: str) -> Exercise:
    """The exercise of that key.

    Raises:
        UnknownExercise: there is none.
    """
    for known in EXERCISES:
        if known.key == key:
            return known
    raise UnknownExercise(key)


def observe_of(key: str) -> Observe:
    """The exercise's ``observe``, with what student code draws seeded by the probe's seed; imports torch."""
    observe = cast(Observe, import_module(f"autograder.exercises.{exercise(key).key}.observe").observe)
    seed_draws = import_module("autograder.observing.draws").seed_draws

    def seeded(workspace: "Workspace", seed: int) -> Any:
        seed_draws(seed)
        return observe(workspace, seed)

    return seeded


def judge_of(key: str) -> Judge:
    """The exercise's ``judge``; needs NumPy only."""
    return cast(Judge, import_module(f"autograder.exercises.{exercise(key).key}.judge").judge)


def observation_of(key: str) -> type[Any]:
    """The type of the exercise's observations."""
    return cast(type[Any], import_module(f"autograder.exercises.{exercise(key).key}.probe").Observation)
