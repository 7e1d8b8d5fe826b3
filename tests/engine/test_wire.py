"""Messages between grader and worker: what is sent arrives, and nothing else is ever taken for a message."""

import dataclasses
import io
import json
import struct
import typing
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import save

from autograder.engine import wire
from autograder.engine.wire import Closed, Message, WireError
from autograder.exercises.catalogue import KEYS, observation_of
from autograder.exercises.observation import Failure, Outcome, Parameter

HEADER = struct.Struct("<4sII")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ARRAYS = hnp.arrays(
    st.sampled_from([np.dtype("f4"), np.dtype("i8")]), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
)


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type that an observation may hold."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return ARRAYS
    if origin in (Union, UnionType):
        return st.one_of([values_of(argument) for argument in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        return st.builds(hint, **{entry.name: values_of(hints[entry.name]) for entry in dataclasses.fields(hint)})
    plain = {int: st.integers(-(2**63), 2**63 - 1), float: st.floats(), str: st.text(), bool: st.booleans()}
    return st.none() if hint is type(None) else plain[hint]


OBSERVATIONS = st.sampled_from(KEYS).flatmap(
    lambda key: values_of(observation_of(key)).map(lambda observation: (key, observation))
)


def alike(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if dataclasses.is_dataclass(one):
        return all(alike(getattr(one, e.name), getattr(other, e.name)) for e in dataclasses.fields(one))
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other) or (one != one and other != other)


def frame(message: Message) -> bytes:
    stream = io.BytesIO()
    wire.send(stream.write, message)
    return stream.getvalue()


def receive(data: bytes) -> Message:
    return wire.receive(io.BytesIO(data).read)


def through(message: Message) -> Message:
    return receive(frame(message))


def framed(head: bytes, body: bytes = b"") -> bytes:
    return HEADER.pack(b"AGR1", len(head), len(body)) + head + body


@given(OBSERVATIONS)
def test_an_observation_arrives_as_it_was_sent(keyed: tuple[str, Any]) -> None:
    key, observation = keyed
    assert alike(wire.unpack(through(wire.pack(observation)), observation_of(key)), observation)


def test_a_row_of_messages_arrives_in_order() -> None:
    stream = io.BytesIO(b"".join(frame(Message({"id": number})) for number in range(3)))
    assert [wire.receive(stream.read).head["id"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Closed):
        wire.receive(stream.read)


def test_arrays_that_are_not_contiguous_arrive_as_they_are() -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4).T[::2]
    assert alike(wire.unpack(through(wire.pack(Outcome(array))), Outcome), Outcome(array))


@given(st.text(alphabet=st.characters(categories=["L", "Cs", "Cc", "So"])))
def test_text_that_is_no_unicode_does_not_keep_a_failure_from_arriving(text: str) -> None:
    arrived = wire.unpack(through(wire.pack(Failure("raised", "ValueError", text))), Failure)
    assert arrived.message == text.encode(errors="replace").decode()


@given(st.binary(max_size=200))
def test_random_bytes_are_a_wire_error(data: bytes) -> None:
    with pytest.raises(WireError):
        receive(data)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()), st.binary(max_size=60))
def test_a_random_head_and_body_are_a_message_or_a_wire_error(head: bytes, body: bytes) -> None:
    try:
        message = receive(framed(head, body))
    except WireError:
        return
    assert isinstance(message.head, dict)
    assert all(array.dtype in (np.float32, np.int64) for array in message.arrays.values())


ENTRIES = st.dictionaries(
    st.sampled_from(["a", "b", "__metadata__"]),
    st.fixed_dictionaries(
        {},
        optional={
            "dtype": st.sampled_from(["F32", "I64", "F64", "F16", "BF16", "F8_E4M3", "BOOL", "U8", "C64", "X", 3]),
            "shape": st.lists(st.sampled_from([-1, 0, 1, 2, 2**40, 2**63, 1.5]), max_size=3),
            "data_offsets": st.lists(st.sampled_from([-4, 0, 4, 8, 2**62]), max_size=3),
        },
    )
    | JSON,
    max_size=2,
)


@given(ENTRIES, st.integers(0, 24), st.sampled_from([0, 0, 0, 1, -1, 2**62]))
def test_arrays_that_lie_about_themselves_are_a_message_or_a_wire_error(entries: object, size: int, lie: int) -> None:
    head = json.dumps(entries).encode()
    body = struct.pack("<q", len(head) + lie) + head + bytes(size)
    try:
        message = receive(framed(b"{}", body))
    except WireError:
        return
    assert sum(array.nbytes for array in message.arrays.values()) <= 2 * size
    assert all(array.dtype in (np.float32, np.int64) for array in message.arrays.values())


SENT = frame(Message({"id": 1, "text": "ä"}, {"a0": np.arange(6, dtype=np.float32)}))


@pytest.mark.parametrize("length", range(len(SENT)))
def test_a_frame_cut_short_is_a_closed_channel(length: int) -> None:
    with pytest.raises(Closed):
        receive(SENT[:length])


@given(OBSERVATIONS, st.data())
def test_a_changed_byte_gives_an_observation_or_a_wire_error(keyed: tuple[str, Any], data: st.DataObject) -> None:
    key, observation = keyed
    sent = bytearray(frame(wire.pack(observation)))
    sent[data.draw(st.integers(0, len(sent) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        arrived = wire.unpack(receive(bytes(sent)), observation_of(key))
    except WireError:
        return
    assert type(arrived) is type(observation)


class HeaderOnly(io.BytesIO):
    """A stream that ends the test when more is asked of it than a header."""

    def read(self, size: int | None = -1) -> bytes:
        assert size == HEADER.size
        return super().read(size)


@pytest.mark.parametrize(
    ("head", "body"), [(wire.LARGEST_HEAD + 1, 0), (2, wire.LARGEST_BODY + 1), (2**32 - 1, 2**32 - 1)]
)
def test_a_frame_too_large_is_refused_before_it_is_read(head: int, body: int) -> None:
    with pytest.raises(WireError, match="header"):
        wire.receive(HeaderOnly(HEADER.pack(b"AGR1", head, body) + b"{}").read)


def test_a_frame_of_another_protocol_is_refused() -> None:
    with pytest.raises(WireError, match="header"):
        receive(HEADER.pack(b"AGR0", 2, 0) + b"{}")


@pytest.mark.parametrize("head", [b"", b"[]", b"3", b"null", b'{"a":', b"\xff", b"[" * 9999, b'{"a": "\\ud800"}'])
def test_a_head_that_is_no_json_object_is_refused(head: bytes) -> None:
    with pytest.raises(WireError, match="JSON"):
        receive(framed(head))


@pytest.mark.parametrize("dtype", ["f8", "f2", "i4", "u1", "?"])
def test_numbers_of_another_type_are_refused(dtype: str) -> None:
    with pytest.raises(WireError, match="no observation has"):
        through(Message({}, {"a0": np.zeros(2, dtype)}))


def test_more_arrays_than_any_observation_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    body = save({f"a{number}": np.zeros(1, np.float32) for number in range(3)})
    assert len(receive(framed(b"{}", body)).arrays) == 3
    monkeypatch.setattr(wire, "MOST_ARRAYS", 2)
    with pytest.raises(WireError, match="no observation has"):
        receive(framed(b"{}", body))


@pytest.mark.parametrize(("limit", "size"), [("LARGEST_HEAD", 20), ("LARGEST_BODY", 20)])
def test_a_message_larger_than_a_frame_is_not_sent(monkeypatch: pytest.MonkeyPatch, limit: str, size: int) -> None:
    monkeypatch.setattr(wire, limit, size)
    stream = io.BytesIO()
    with pytest.raises(WireError, match="too large"):
        wire.send(stream.write, Message({"text": "x" * 30}, {"a0": np.zeros(9, np.float32)}))
    assert stream.getvalue() == b""


def unpacked(observation: object, kind: type[Any] = Outcome, arrays: wire.Arrays | None = None) -> Any:
    text = observation if isinstance(observation, str) else json.dumps(observation)
    return wire.unpack(through(Message({"observation": text}, arrays or {})), kind)


def test_what_an_observation_leaves_out_has_its_default() -> None:
    assert unpacked({}) == Outcome()


def test_fields_that_no_observation_has_are_passed_over() -> None:
    seen = unpacked({"returned": "list", "points": 2.0, "__class__": "Result"})
    assert seen == Outcome(returned="list")
    assert not hasattr(seen, "points")


@pytest.mark.parametrize(
    "observation",
    [
        {"value": "a0"},
        {"value": [1.0]},
        {"value": 1.0},
        {"returned": None},
        {"returned": 3},
        {"failure": {}},
        {"failure": {"kind": "passed"}},
        {"failure": {"kind": "raised", "line_number": "7"}},
        {"failure": {"kind": "raised", "line_number": 7.5}},
        [],
        "",
        "{",
        '"\\ud800"',
        "[" * 9999,
    ],
)
def test_an_observation_of_wrong_types_is_refused(observation: object) -> None:
    with pytest.raises(WireError, match="no observation of this exercise"):
        unpacked(observation)


@pytest.mark.parametrize("head", [{}, {"observation": None}, {"observation": {}}, {"observation": ["{}"]}])
def test_a_reply_without_an_observation_is_refused(head: dict[str, object]) -> None:
    with pytest.raises(WireError, match="holds no observation"):
        wire.unpack(through(Message(head)), Outcome)


def test_numbers_that_are_none_arrive() -> None:
    values = np.array([np.nan, np.inf, -np.inf, -0.0], np.float32)
    arrived = unpacked({"value": "a0"}, arrays={"a0": values})
    assert alike(arrived.value, values)


@pytest.mark.parametrize("shape", [[-1], [2, "3"], [True], "23", 5])
def test_a_shape_that_is_no_row_of_numbers_is_refused_or_harmless(shape: object) -> None:
    try:
        parameter = unpacked({"name": "w", "shape": shape}, Parameter)
    except WireError:
        return
    assert all(type(size) is int for size in parameter.shape)


@given(st.sampled_from(KEYS), JSON | st.fixed_dictionaries({"runs": JSON}) | st.fixed_dictionaries({"run": JSON}))
def test_any_json_is_an_observation_or_a_wire_error(key: str, value: object) -> None:
    try:
        observation = unpacked(value, observation_of(key))
    except WireError:
        return
    assert isinstance(observation, observation_of(key))
