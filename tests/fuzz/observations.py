"""What a worker may send: any value of a message's type, and what lies near an honest observation."""

import dataclasses
import typing
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from proof.answers.judging import namespace

from autograder.course.course import Course
from autograder.instruments.calling import Workspace
from autograder.instruments.quiet import without_trace
from autograder.instruments.seeding import observe_seeded
from autograder.instruments.stand_ins import in_place

ARRAYS = hnp.arrays(
    st.sampled_from([np.dtype("f4"), np.dtype("i8")]), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
)
PLAIN = {int: st.integers(-(2**63), 2**63 - 1), float: st.floats(), str: st.text(), bool: st.booleans()}

# What a forger does to an array of the right shape; the last two make it larger.
_ARRAY_CHANGES: tuple[Callable[[Any], Any], ...] = (
    *(lambda array, value=value: np.full_like(array, value, dtype=np.float32)
      for value in (0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 3e38, 1e-45)),
    lambda array: np.full_like(array, 2**62, dtype=np.int64),
    lambda array: array.astype(np.int64, casting="unsafe"),
    lambda array: -array,
    lambda array: array.T,
    lambda array: array[..., None],
    lambda array: array.reshape(-1),
    lambda array: array[:0] if array.ndim else array,
    lambda array: array[:1] if array.ndim else array,
    lambda array: array[::-1] if array.ndim else array,
    lambda array: np.where(np.arange(array.size).reshape(array.shape) % 7, array, np.nan).astype(np.float32),
    lambda array: np.repeat(np.atleast_1d(array)[:8], 3, axis=0),
    lambda _array: np.zeros((64, 64, 8), np.float32),
)  # fmt: skip
_TUPLE_CHANGES: tuple[Callable[[tuple[Any, ...]], tuple[Any, ...]], ...] = (
    lambda _values: (),
    lambda values: values[:1],
    lambda values: values[1:],
    lambda values: values[::-1],
    lambda values: values + values[:1],
    lambda values: values[:1] * 60,
)
_UNITS = ("a", " ", "9", "(", "\x00", "é", "unsupported operand", "mat1 and mat2 shapes cannot be multiplied (1x2 and ",
          "The size of tensor a (1) must match the size of tensor b (", "'", "name 'x' is not defined ")  # fmt: skip
TEXTS = st.text(max_size=20) | st.builds(
    lambda unit, times: unit * times, st.sampled_from(_UNITS), st.integers(1, 2000)
)


@cache
def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type that a message may hold."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return ARRAYS
    if origin in (Union, UnionType):
        return st.one_of([values_of(argument) for argument in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[-1] is not ...:
        return st.tuples(*map(values_of, arguments))
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(values_of(arguments[0]), values_of(arguments[1]), max_size=2)
    kind = origin or hint
    if dataclasses.is_dataclass(kind):
        return st.builds(kind, **{name: values_of(field) for name, field in _fields(hint).items()})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    return st.none() if hint is type(None) else PLAIN[hint]


def _fields(hint: Any) -> dict[str, Any]:
    """The types of a dataclass's fields, with what stands for the parameters of a generic one put in."""
    kind = get_origin(hint) or hint
    hints = typing.get_type_hints(kind, include_extras=True)
    given_for = dict(zip(getattr(kind, "__parameters__", ()), get_args(hint), strict=True))
    return {entry.name: _filled_in(hints[entry.name], given_for) for entry in dataclasses.fields(kind)}


def _filled_in(hint: Any, given_for: Mapping[TypeVar, Any]) -> Any:
    """A field's type, with what stands for the parameter of a generic class put in."""
    parameters = getattr(hint, "__parameters__", ())
    if isinstance(hint, TypeVar):
        return given_for[hint]
    return hint[tuple(given_for[parameter] for parameter in parameters)] if parameters else hint


def observed(course: Course, key: str, source: str, seed: int) -> Any:
    """What is seen of a solution cell of our own."""
    names = namespace(source, device="cpu")
    workspace = Workspace(names, device="cpu")
    with without_trace(names), in_place(workspace, course.module("stand_ins").make(workspace)):
        return observe_seeded(course, key, workspace, seed)


@st.composite
def near(draw: st.DrawFn, kind: Any, honest: Any) -> Any:
    """An observation of that type, changed in up to three places."""
    seen = honest
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(kind, seen))
        path, hint, value = places[draw(st.integers(0, len(places) - 1))]
        seen = _with(seen, path, draw(_instead(hint, value)))
    return seen


def _places(hint: Any, value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    """Every place in a message: the way there, its type, and what is there."""
    if path:
        yield path, hint, value
    if dataclasses.is_dataclass(value):
        [kind] = [one for one in (hint, *get_args(hint)) if (get_origin(one) or one) is type(value)]
        for name, field in _fields(kind).items():
            yield from _places(field, getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for number, item in enumerate(value[:8]):
            yield from _places(get_args(hint)[0], item, (*path, number))


def _instead(hint: Any, value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, np.ndarray):
        return st.sampled_from(_ARRAY_CHANGES).map(lambda change: change(value)) | values_of(hint)
    if isinstance(value, tuple):
        return st.sampled_from(_TUPLE_CHANGES).map(lambda change: change(value)) | values_of(hint)
    return TEXTS if isinstance(value, str) and get_origin(hint) is not Literal else values_of(hint)


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    first, *rest = path
    if isinstance(first, str):
        return dataclasses.replace(value, **{first: _with(getattr(value, first), tuple(rest), new)})
    return (*value[:first], _with(value[first], tuple(rest), new), *value[first + 1 :])


def size_of(value: Any) -> int:
    """Bytes of a message's arrays and texts."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, tuple):
        return sum(map(size_of, value))
    if dataclasses.is_dataclass(value):
        return sum(size_of(getattr(value, entry.name)) for entry in dataclasses.fields(value))
    return 8
