"""Messages between the grader and a worker: JSON and arrays in frames of bounded size. Never pickle."""

import dataclasses
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from safetensors import SafetensorError
from safetensors.numpy import load, save

LARGEST_HEAD = 1 << 20
LARGEST_BODY = 64 << 20
MOST_ARRAYS = 4096
_LENGTHS = struct.Struct("<4sII")
_MAGIC = b"AGR1"
_DTYPES = ("float32", "int64")

Arrays = Mapping[str, npt.NDArray[Any]]
T = TypeVar("T")


class WireError(Exception):
    """What arrived is no message."""


class Closed(WireError):
    """The other side has closed the channel."""


@dataclass(frozen=True)
class Message:
    """One frame: a JSON object and named arrays."""

    head: Mapping[str, Any]
    arrays: Arrays = field(default_factory=dict)


def send(write: Callable[[bytes], object], message: Message) -> None:
    """Write one frame.

    Args:
        write: writes all the bytes it is given.
        message: what to write.

    Raises:
        WireError: the message is larger than a frame may be.
        OSError: the other side is gone.
    """
    head = json.dumps(message.head, ensure_ascii=False).encode(errors="replace")
    arrays = {name: np.asarray(array, order="C") for name, array in message.arrays.items()}
    body = save(arrays) if arrays else b""
    if len(head) > LARGEST_HEAD or len(body) > LARGEST_BODY:
        raise WireError(f"the message is too large: {len(head):,} and {len(body):,} bytes")
    write(_LENGTHS.pack(_MAGIC, len(head), len(body)) + head + body)


def receive(read: Callable[[int], bytes]) -> Message:
    """Read one frame; nothing is allocated before its size is known to be allowed.

    Args:
        read: gives some of the bytes to come, at most as many as it is asked for; none at the end.

    Raises:
        Closed: the stream ended.
        WireError: the bytes are no frame of ours.
    """
    magic, head_size, body_size = _LENGTHS.unpack(_exactly(read, _LENGTHS.size))
    if magic != _MAGIC or head_size > LARGEST_HEAD or body_size > LARGEST_BODY:
        raise WireError("the frame has a wrong header")
    try:
        head = from_json(_exactly(read, head_size))
    except ValueError as error:
        raise WireError(f"the frame holds no JSON: {type(error).__name__}") from None
    if not isinstance(head, dict):
        raise WireError("the frame holds no JSON object")
    return Message(head, _arrays(_exactly(read, body_size)))


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    parts, missing = [], size
    while missing:
        part = read(min(missing, 1 << 20))
        if not part:
            raise Closed("the channel was closed")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _arrays(body: bytes) -> Arrays:
    if not body:
        return {}
    if int.from_bytes(body[:8], "little") > LARGEST_HEAD:
        raise WireError("the frame says more about its arrays than any observation does")
    try:
        arrays = load(body)
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise WireError(f"the frame's arrays cannot be read: {type(error).__name__}") from None
    if len(arrays) > MOST_ARRAYS or any(array.dtype.name not in _DTYPES for array in arrays.values()):
        raise WireError("the frame holds arrays that no observation has")
    return arrays


def pack(observation: Any) -> Message:
    """An observation, a dataclass of plain values and arrays, as a message."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    return Message({"observation": json.dumps(_plain(observation, arrays), ensure_ascii=False)}, arrays)


def _plain(value: Any, arrays: dict[str, npt.NDArray[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return name
    if isinstance(value, (tuple, list)):
        return [_plain(item, arrays) for item in value]
    names = _fields(value.__class__)
    return {name: _plain(getattr(value, name), arrays) for name in names} if names else value


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    """The names of a dataclass's fields; none for another type."""
    return tuple(entry.name for entry in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


def unpack(message: Message, kind: type[T]) -> T:
    """The observation that a message carries, its types checked.

    Raises:
        WireError: it does not hold one of that type.
    """
    text = message.head.get("observation")
    if not isinstance(text, str):
        raise WireError("the reply holds no observation")
    try:
        observation: T = _adapter(kind).validate_json(text, strict=True, context=message.arrays)  # type: ignore[arg-type]
    except (ValidationError, RecursionError) as error:
        raise WireError(f"the reply is no observation of this exercise: {type(error).__name__}") from None
    return observation


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
