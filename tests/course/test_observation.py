"""What may arrive of an observation: each array for one place, and no longer texts than people read."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from safetensors.numpy import save

from autograder.course.observation import Array, CallResult
from autograder.engine import wire
from autograder.engine.messages import Observed
from autograder.engine.wire import Frame, WireError


@dataclass(frozen=True)
class Pair:
    """Two arrays."""

    one: Array
    other: Array | None = None


BODY = save({"a0": np.zeros(3, np.float32), "a1": np.ones(3, np.float32)})


def arrived(message: object, kind: type) -> object:
    return wire.decode(Frame(json.dumps(message).encode(), BODY), kind)


def test_each_array_has_its_own_place() -> None:
    pair = arrived({"one": "a1", "other": "a0"}, Pair)
    assert isinstance(pair, Pair)
    assert (pair.one.sum(), pair.other is not None and pair.other.sum()) == (3.0, 0.0)


@pytest.mark.parametrize("message", [{"one": "a0", "other": "a0"}, {"one": "a2"}, {"one": 0}, {"one": None}])
def test_an_array_that_is_named_twice_is_refused(message: object) -> None:
    with pytest.raises(WireError):
        arrived(message, Pair)


def test_an_array_named_again_and_again_makes_no_large_message() -> None:
    results = [{"value": "a0", "returned": "Tensor", "failure": None}] * 60
    with pytest.raises(WireError):
        arrived({"observation": results}, Observed[tuple[CallResult, ...]])
