"""Messages between grader and worker: what is sent arrives, and nothing else is ever taken for a message."""

import dataclasses
import io
import json
import struct
from typing import Any, get_origin

import numpy as np
import pytest
from fuzz.observations import values_of
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from autograder.course.installed import own_course
from autograder.course.observation import Array, CallResult, Failure, Parameter
from autograder.engine import wire
from autograder.engine.messages import Begun, CellRun, Observed, Ready, Reply, Request, WorkerReport
from autograder.engine.wire import Closed, Frame, WireError

COURSE = own_course()
HEADER = struct.Struct("<4sII")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


OBSERVATIONS = st.sampled_from(COURSE.keys).flatmap(
    lambda key: values_of(COURSE.observation(key)).map(lambda observation: (COURSE.observation(key), observation))
)
ANSWERS = (WorkerReport, Begun, CellRun, Observed[CallResult])


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


def sent(frame: Frame) -> bytes:
    stream = io.BytesIO()
    wire.send(stream.write, frame)
    return stream.getvalue()


def received(data: bytes) -> Frame:
    return wire.receive(io.BytesIO(data).read)


def arrived(message: Any, kind: Any) -> Any:
    """What arrives of a message where one of that type is expected."""
    return wire.decode(received(sent(wire.encode(message))), kind)


def framed(head: bytes, body: bytes = b"") -> bytes:
    return HEADER.pack(b"AGR1", len(head), len(body)) + head + body


@given(OBSERVATIONS)
def test_an_observation_arrives_as_it_was_sent(seen: tuple[Any, Any]) -> None:
    kind, observation = seen
    assert alike(arrived(observation, kind), observation)
    assert alike(arrived(Reply("7", Observed(observation)), Reply[Observed[kind]]), Reply("7", Observed(observation)))


@given(values_of(Request))
def test_a_request_arrives_as_it_was_sent(request: Request) -> None:
    assert alike(arrived(request, Request), request)


@given(st.sampled_from(ANSWERS).flatmap(lambda kind: values_of(Reply[kind]).map(lambda reply: (kind, reply))))
def test_a_reply_arrives_as_it_was_sent(answered: tuple[Any, Reply[Any]]) -> None:
    kind, reply = answered
    assert alike(arrived(reply, Reply[kind]), reply)


def test_a_row_of_frames_arrives_in_order() -> None:
    stream = io.BytesIO(b"".join(sent(Frame(b"%d" % number, b"b" * number)) for number in range(3)))
    assert [wire.receive(stream.read) for _ in range(3)] == [Frame(b"0"), Frame(b"1", b"b"), Frame(b"2", b"bb")]
    with pytest.raises(Closed):
        wire.receive(stream.read)


def test_arrays_that_are_not_contiguous_arrive_as_they_are() -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4).T[::2]
    assert alike(arrived(CallResult(array), CallResult), CallResult(array))


@given(st.text(alphabet=st.characters(categories=["L", "Cs", "Cc", "So"])))
def test_text_that_is_no_unicode_does_not_keep_a_failure_from_arriving(text: str) -> None:
    failure = arrived(Failure("raised", "ValueError", text), Failure)
    assert failure.message == text.encode(errors="replace").decode()


@given(st.binary(max_size=200))
def test_random_bytes_are_a_wire_error(data: bytes) -> None:
    with pytest.raises(WireError):
        received(data)


@dataclasses.dataclass(frozen=True)
class Two:
    """A message with up to two arrays."""

    a: Array | None = None
    b: Array | None = None

    @property
    def arrays(self) -> list[Any]:
        return [array for array in (self.a, self.b) if array is not None]


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()), st.binary(max_size=60))
def test_a_random_head_and_body_are_a_message_or_a_wire_error(head: bytes, body: bytes) -> None:
    frame = received(framed(head, body))
    assert frame == Frame(head, body)
    for kind in (Ready, Request, Reply[CellRun], Two):
        try:
            message = wire.decode(frame, kind)
        except WireError:
            continue
        assert isinstance(message, get_origin(kind) or kind)


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
    named = json.dumps(entries).encode()
    body = struct.pack("<q", len(named) + lie) + named + bytes(size)
    names = {"a", "b"} & set(entries if isinstance(entries, dict) else ())
    head = json.dumps({name: name for name in names}).encode()
    try:
        message = wire.decode(received(framed(head, body)), Two)
    except WireError:
        return
    assert len(message.arrays) == len(names)
    assert sum(array.nbytes for array in message.arrays) <= 2 * size
    assert all(array.dtype in (np.float32, np.int64) for array in message.arrays)


SENT = sent(wire.encode(Reply("ä", Observed(CallResult(np.arange(6, dtype=np.float32))))))


@pytest.mark.parametrize("length", range(len(SENT)))
def test_a_frame_cut_short_is_a_closed_channel(length: int) -> None:
    with pytest.raises(Closed):
        received(SENT[:length])


@given(OBSERVATIONS, st.data())
def test_a_changed_byte_gives_an_observation_or_a_wire_error(seen: tuple[Any, Any], data: st.DataObject) -> None:
    kind, observation = seen
    changed = bytearray(sent(wire.encode(observation)))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        message = wire.decode(received(bytes(changed)), kind)
    except WireError:
        return
    assert type(message) is type(observation)


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
        received(HEADER.pack(b"AGR0", 2, 0) + b"{}")


@pytest.mark.parametrize("kind", [Ready, CallResult, Request, Reply[Begun]])
@pytest.mark.parametrize("head", [b"", b"[]", b"3", b"null", b'{"a":', b"\xff", b"[" * 9999, b'{"a": "\\ud800"}'])
def test_a_head_that_is_no_json_object_is_refused(head: bytes, kind: Any) -> None:
    with pytest.raises(WireError, match="holds no such message"):
        wire.decode(received(framed(head)), kind)


@pytest.mark.parametrize("dtype", ["f2", "i4", "u1", "?"])
def test_numbers_of_another_type_are_refused(dtype: str) -> None:
    with pytest.raises(WireError, match="no observation has"):
        arrived(CallResult(np.zeros(2, dtype)), CallResult)


def test_more_arrays_than_any_observation_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = received(framed(b"{}", save({f"a{number}": np.zeros(1, np.float32) for number in range(3)})))
    assert wire.decode(frame, CallResult) == CallResult()
    monkeypatch.setattr(wire, "MOST_ARRAYS", 2)
    with pytest.raises(WireError, match="no observation has"):
        wire.decode(frame, CallResult)


def test_more_said_about_arrays_than_of_any_observation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_LARGEST_LIST", 50)
    with pytest.raises(WireError, match="more about its arrays"):
        wire.decode(Frame(b"{}", save({f"a{number}": np.zeros(1, np.float32) for number in range(3)})), CallResult)


@pytest.mark.parametrize(("limit", "size"), [("LARGEST_HEAD", 20), ("LARGEST_BODY", 20)])
def test_a_message_larger_than_a_frame_is_not_sent(monkeypatch: pytest.MonkeyPatch, limit: str, size: int) -> None:
    monkeypatch.setattr(wire, limit, size)
    stream = io.BytesIO()
    with pytest.raises(WireError, match="too large"):
        wire.send(stream.write, wire.encode(CallResult(np.zeros(9, np.float32), "x" * 30)))
    assert stream.getvalue() == b""


def unpacked(observation: object, kind: Any = CallResult, body: bytes = b"") -> Any:
    """What arrives where a reply's observation is this JSON text, or this value as JSON."""
    text = observation if isinstance(observation, str) else json.dumps(observation)
    head = f'{{"id": "7", "answer": {{"observation": {text}}}}}'.encode()
    reply = wire.decode(received(framed(head, body)), Reply[Observed[kind]])
    return reply.answer.observation


def test_what_an_observation_leaves_out_has_its_default() -> None:
    assert unpacked({}) == CallResult()


def test_fields_that_no_observation_has_are_passed_over() -> None:
    seen = unpacked({"returned": "list", "points": 2.0, "__class__": "Result"})
    assert seen == CallResult(returned="list")
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
        3,
        "",
        "{",
        '"{}"',
        '"\\ud800"',
        "[" * 9999,
    ],
)
def test_an_observation_of_wrong_types_is_refused(observation: object) -> None:
    with pytest.raises(WireError, match="holds no such message"):
        unpacked(observation)


@pytest.mark.parametrize(
    "head",
    [
        {},
        {"id": "7"},
        {"answer": {}},
        {"id": 7, "answer": {}},
        {"id": None, "answer": {}},
        {"id": "7", "answer": None},
        {"id": "7", "answer": []},
        {"id": "7", "answer": "{}"},
        {"id": "7", "answer": {"observation": ["{}"]}},
        {"id": "7", "answer": {"timed_out": "yes"}},
        {"id": "7", "answer": {"timed_out": 1}},
        {"id": "7", "answer": {"failed": None}},
    ],
)
def test_a_reply_that_is_none_is_refused(head: dict[str, object]) -> None:
    with pytest.raises(WireError, match="holds no such message"):
        wire.decode(Frame(json.dumps(head).encode()), Reply[Observed[CallResult]])


@pytest.mark.parametrize("answer", [{}, {"observation": None}])
def test_a_reply_without_an_observation_has_none(answer: dict[str, object]) -> None:
    reply = wire.decode(Frame(json.dumps({"id": "7", "answer": answer}).encode()), Reply[Observed[CallResult]])
    assert reply == Reply("7", Observed(None, timed_out=False, failed=""))


def test_numbers_that_are_none_arrive() -> None:
    values = np.array([np.nan, np.inf, -np.inf, -0.0], np.float32)
    assert alike(unpacked({"value": "a0"}, body=save({"a0": values})).value, values)


@pytest.mark.parametrize("shape", [[-1], [2, "3"], [True], "23", 5])
def test_a_shape_that_is_no_row_of_numbers_is_refused_or_harmless(shape: object) -> None:
    try:
        parameter = unpacked({"name": "w", "shape": shape}, Parameter)
    except WireError:
        return
    assert all(type(size) is int for size in parameter.shape)


@given(
    st.sampled_from(COURSE.keys),
    JSON | st.fixed_dictionaries({"runs": JSON}) | st.fixed_dictionaries({"steps": JSON}),
)
def test_any_json_is_an_observation_or_a_wire_error(key: str, value: object) -> None:
    kind = COURSE.observation(key)
    try:
        observation = unpacked(json.dumps(value), kind)
    except WireError:
        return
    assert observation is None or isinstance(observation, kind)
