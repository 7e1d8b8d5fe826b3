"""Observations that differ from an honest one in their parts: something left out, repeated, or of another form."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.course.observation import NOTHING, CallResult, Failure, Parameter


def mutated(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each part in its turn left out, repeated, or of another form, with a name for what was done.

    What a call gave, and what parameters there are, is a student's own and may have any form; it is only left out.
    """
    if isinstance(value, CallResult):
        yield f"{path} not made", NOTHING
    elif isinstance(value, Failure | Parameter):
        return
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for entry in dataclasses.fields(value):
            for name, other in mutated(getattr(value, entry.name), f"{path}.{entry.name}"):
                yield name, dataclasses.replace(value, **{entry.name: other})
    elif isinstance(value, tuple) and value:
        yield f"{path} without any", ()
        yield f"{path} without the first", value[1:]
        yield f"{path} without the last", value[:-1]
        yield f"{path} with the last twice", (*value, value[-1])
        for place in {0, len(value) - 1}:
            for name, other in mutated(value[place], f"{path}[{place}]"):
                yield name, (*value[:place], other, *value[place + 1 :])
    elif isinstance(value, np.ndarray):
        yield f"{path} empty", value[:0]
        yield f"{path} cut", value[:-1]
        yield f"{path} in another dimension", value[None]
        yield f"{path} as integers", value.astype(np.int64)
        yield f"{path} in double precision", value.astype(np.float64)
        yield f"{path} as one number", value.reshape(-1)[0].reshape(())
    elif isinstance(value, int) and not isinstance(value, bool):
        yield f"{path} another number", value + 1
