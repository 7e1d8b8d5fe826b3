"""Readers of bytes, on short runs that are the same every time; ``python -m fuzz`` goes on from here."""

import json

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from autograder.engine import wire
from autograder.engine.messages import Observed, Reply
from autograder.engine.wire import Frame
from fuzz import targets
from fuzz.observations import values_of

BOUNDED = settings(max_examples=40, derandomize=True, phases=(Phase.explicit, Phase.generate))

# fmt: off
JSON_UNITS = (
    "[", "{", "[],", "{},", '"",', '"a",', "1e1,", "257,", '{"a":1},', "\\n", "\\ud800", '{"cell_type":"code"},',
    '{"cell_type":"code","source":["a\\n"]},', '{"cell_type":"markdown","attachments":{"a":{"b":""}}},',
)
JSON_FRAMES = (
    "%s", '{"cells":[%s]}', '{"cells":[{"cell_type":"code","source":[%s]}]}',
    '{"cells":[{"cell_type":"code","source":"%s","metadata":{"nbgrader":{"grade_id":"encoder"}}}]}',
)
CODE_UNITS = (
    "(", "[", "x\n", "#\n", "a=", "a,", "a.", "a[", "f(", "'", '"""', "\\\n", "lambda:", "not ", "%", "!", "?", "\t",
    " ", "a?\n", "%time ", "%%time\n", "\r", "\x0c", "\x00", "\u2028", "😀", "class A: pass\n", "def f(): pass\n", "= ",
    "import os\n", "import a.", "getattr(", "f'{a}'", "a if a else ", "os.", "autograder.", "/proc/", "0_", "\ud800",
)
HEADS = ('{"id":"7","answer":{"observation":%s}}', '{"id":"7","answer":%s}', "%s")
# fmt: on
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def blown_up(units: tuple[str, ...], largest: int) -> st.SearchStrategy[str]:
    """A few pieces, one of them again and again."""
    few = st.lists(st.sampled_from(units), max_size=3).map("".join)
    many = st.builds(lambda unit, size: unit * (size // len(unit)), st.sampled_from(units), st.integers(1, largest))
    return st.builds(lambda *parts: "".join(parts), few, many, few)


NOTEBOOKS = (
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps({"cells": [value, {"cell_type": "code", "source": value}]}).encode())
    | st.builds(
        lambda frame, text: (frame % text.rstrip(",")).encode(errors="replace"),
        st.sampled_from(JSON_FRAMES),
        blown_up(JSON_UNITS, 60_000),
    )
)


@BOUNDED
@given(NOTEBOOKS)
def test_any_file_is_a_submission_or_has_a_problem(data: bytes) -> None:
    targets.notebook(data)
    targets.rebuild(data)


@BOUNDED
@given(blown_up(CODE_UNITS, 20_000))
@example("x\n" * 30_000)
@example("x\n" * 50_000)
def test_any_text_is_looked_through_for_flags(source: str) -> None:
    targets.flags(source.encode(errors="surrogatepass"))


@pytest.mark.parametrize("unit", ["[1,2],", "[],", '{"a":1},', "{},", '"ab",', "257,", "1e1,"])
def test_outputs_of_many_small_things_take_no_more_memory_than_they_may(unit: str) -> None:
    some = unit * (12_000_000 // len(unit))
    ended = f'{{"cells":[{{"cell_type":"code","source":"x=1","outputs":[{some}0]}}]}}'
    targets.notebook(ended.encode())


@BOUNDED
@given(st.sampled_from(list(targets.beginnings("archive"))), st.data())
def test_any_damaged_zip_is_unpacked_within_bounds_or_refused(whole: bytes, more: st.DataObject) -> None:
    for _ in range(more.draw(st.integers(0, 4))):
        where = more.draw(st.integers(0, len(whole)))
        put = more.draw(st.binary(max_size=4))
        whole = whole[:where] + put + whole[where + more.draw(st.integers(0, 4)) :]
    targets.archive(whole)


@BOUNDED
@given(
    st.lists(st.sampled_from(["name", "id", ",", ";", "\t", "\n", '"', "a", "\0", "\r", "é"]), max_size=60),
    st.binary(max_size=8),
)
def test_any_table_is_a_list_of_students_or_a_clear_line(pieces: list[str], more: bytes) -> None:
    targets.list_of_class("".join(pieces).encode() + more)


REPLIES = st.sampled_from(targets.COURSE.keys).flatmap(
    lambda key: values_of(targets.COURSE.observation(key)).map(lambda seen: wire.encode(Reply("7", Observed(seen))))
)


@BOUNDED
@given(st.binary(max_size=200), REPLIES, st.data())
def test_any_frame_is_a_message_or_none(data: bytes, reply: Frame, more: st.DataObject) -> None:
    targets.frame(data)
    sent: list[bytes] = []
    wire.send(sent.append, reply)
    changed = bytearray(b"".join(sent))
    for _ in range(more.draw(st.integers(0, 3))):
        changed[more.draw(st.integers(0, len(changed) - 1))] = more.draw(st.integers(0, 255))
    targets.frame(bytes(changed))


@BOUNDED
@given(blown_up(JSON_UNITS, 60_000), st.sampled_from(HEADS))
def test_any_head_is_a_message_or_none(text: str, head: str) -> None:
    targets.message(Frame((head % text.rstrip(",")).encode(errors="replace")))


@BOUNDED
@given(st.data())
def test_any_file_beside_the_results_is_a_result_or_none(data: st.DataObject) -> None:
    changed = json.loads(targets.some_result())
    place = changed
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
            place[key] = data.draw(JSON | st.floats() | st.text(max_size=2000))
            break
        place = place[key]
    targets.result_file(json.dumps(changed).encode())
    targets.result_file(data.draw(st.binary(max_size=100)))
