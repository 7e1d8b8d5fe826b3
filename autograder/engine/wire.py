"""Frames between the grader and a worker: a JSON object and arrays, of bounded size. Never pickle."""

import dataclasses
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

# As much code as is read of a notebook, where each character takes six bytes as JSON, and what goes with it.
LARGEST_HEAD = 8 << 20
LARGEST_BODY = 32 << 20
MOST_ARRAYS = 4096
_LARGEST_LIST = 1 << 20
_LENGTHS = struct.Struct("<4sII")
_MAGIC = b"AGR1"
_DTYPES = ("float32", "float64", "int64")

T = TypeVar("T")


class WireError(Exception):
    """What arrived is no message."""


class Closed(WireError):
    """The other side has closed the channel."""


@dataclass(frozen=True)
class Frame:
    """One message as it travels: the bytes of a JSON object, and those of its arrays."""

    head: bytes
    body: bytes = b""


def send(write: Callable[[bytes], object], frame: Frame) -> None:
    """Write one frame.

    Args:
        write: writes all the bytes it is given.
        frame: what to write.

    Raises:
        WireError: it is larger than a frame may be.
        OSError: the other side is gone.
    """
    if len(frame.head) > LARGEST_HEAD or len(frame.body) > LARGEST_BODY:
        raise WireError(f"the message is too large: {len(frame.head):,} and {len(frame.body):,} bytes")
    write(_LENGTHS.pack(_MAGIC, len(frame.head), len(frame.body)) + frame.head)
    if frame.body:  # apart, since it may be large
        write(frame.body)


def receive(read: Callable[[int], bytes]) -> Frame:
    """Read one frame; nothing is allocated before its size is known to be allowed, and nothing in it is looked at.

    Args:
        read: gives some of the bytes to come, at most as many as it is asked for; none at the end.

    Raises:
        Closed: the stream ended.
        WireError: the bytes are no frame of ours.
    """
    magic, head_size, body_size = _LENGTHS.unpack(_exactly(read, _LENGTHS.size))
    if magic != _MAGIC or head_size > LARGEST_HEAD or body_size > LARGEST_BODY:
        raise WireError("the frame has a wrong header")
    return Frame(_exactly(read, head_size), _exactly(read, body_size))


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    parts, missing = [], size
    while missing:
        part = read(min(missing, 1 << 20))
        if not part:
            raise Closed("the channel was closed")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def encode(message: Any) -> Frame:
    """A message, a dataclass of plain values, arrays and further dataclasses, as a frame."""
    arrays: dict[str, npt.NDArray[Any]] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            name = f"a{len(arrays)}"
            arrays[name] = value
            return name
        if isinstance(value, Mapping):
            return dict(value)
        return {name: getattr(value, name) for name in _fields(value.__class__)}

    head = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=plain).encode(message)
    body = save({name: np.asarray(array, order="C") for name, array in arrays.items()}) if arrays else b""
    return Frame(head.encode(errors="replace"), body)


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    """The names of a dataclass's fields."""
    return tuple(entry.name for entry in dataclasses.fields(kind))


def decode(frame: Frame, kind: type[T]) -> T:
    """The message of that type that a frame carries, all its types checked.

    Raises:
        WireError: it carries none.
    """
    arrays = _arrays(frame.body)
    try:
        message: T = _adapter(kind).validate_json(frame.head, strict=True, context=arrays)  # type: ignore[arg-type]
    except (ValidationError, RecursionError) as error:
        raise WireError(f"the frame holds no such message: {type(error).__name__}") from None
    return message


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _arrays(body: bytes) -> Mapping[str, npt.NDArray[Any]]:
    if not body:
        return {}
    if int.from_bytes(body[:8], "little") > _LARGEST_LIST:
        raise WireError("the frame says more about its arrays than any observation does")
    try:
        arrays = load(body)
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise WireError(f"the frame's arrays cannot be read: {type(error).__name__}") from None
    if len(arrays) > MOST_ARRAYS or any(array.dtype.name not in _DTYPES for array in arrays.values()):
        raise WireError("the frame holds arrays that no observation has")
    return arrays
