"""The file that holds a submission's result."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import atomic
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status
from autograder.reports.result import Result, UnusableResult, read_result, to_json, write_result

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(max_size=20)
CHECKS = st.builds(CheckResult, TEXT, st.booleans(), FINITE, FINITE, st.none() | TEXT, TEXT)
EXERCISES = st.builds(
    ExerciseResult, TEXT, TEXT, FINITE, FINITE, st.sampled_from(Status), st.lists(CHECKS, max_size=2).map(tuple)
)
WORDS = st.dictionaries(TEXT, TEXT, max_size=2)
RESULTS = st.builds(
    Result,
    student=TEXT,
    assignment=TEXT,
    notebook=TEXT,
    source=TEXT,
    points=FINITE,
    max_points=FINITE,
    seeds=st.lists(st.integers(0, 2**63 - 1), max_size=3).map(tuple),
    grader=WORDS,
    environment=WORDS,
    sandbox=st.fixed_dictionaries({"level": TEXT, "layers": WORDS}),
    digest=TEXT,
    cpu_seconds=FINITE,
    warnings=st.lists(TEXT, max_size=2).map(tuple),
    flags=st.lists(TEXT, max_size=2).map(tuple),
    exercises=st.lists(EXERCISES, max_size=2).map(tuple),
    schema_version=st.just(1),
)

ONE = Result(
    student="ada",
    assignment="autoencoders",
    notebook="a.ipynb",
    source="ada/autoencoders/a.ipynb",
    points=1.5,
    max_points=2.0,
    seeds=(3, 4),
    grader={"version": "1", "digest": "d"},
    environment={"python": "3", "torch": "2", "device": "cpu", "salt": "own"},
    sandbox={"level": "strict", "layers": {"seccomp": "on"}},
    digest="d",
    cpu_seconds=0.2,
    warnings=("μ",),
    flags=("look here",),
    exercises=(
        ExerciseResult(
            "encoder", "Encoder", 1.5, 2.0, Status.PARTIAL, (CheckResult("output", False, 1.5, 2.0, "encoder/x", "σ"),)
        ),
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


def keys(value: Any) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        yield tuple(value)
        for inner in value.values():
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@given(RESULTS)
def test_a_result_is_read_as_it_was_written(folder: Path, result: Result) -> None:
    write_result(folder / "ada.json", result)
    assert read_result(folder / "ada.json") == result


def test_the_file_has_the_keys_that_readers_know() -> None:
    assert list(keys(json.loads(to_json(ONE)))) == [
        ("schema", "student", "assignment", "notebook", "source", "points", "max_points", "seeds", "grader",
         "environment", "sandbox", "digest", "cpu_seconds", "warnings", "flags", "exercises"),
        ("version", "digest"),
        ("python", "torch", "device", "salt"),
        ("level", "layers"),
        ("seccomp",),
        ("key", "title", "points", "max_points", "status", "checks"),
        ("key", "passed", "points", "max_points", "misconception", "message"),
    ]  # fmt: skip


def test_the_file_is_text_that_people_can_read() -> None:
    text = to_json(ONE)
    assert text.startswith('{\n "schema": 1,\n "student": "ada"')
    assert text.endswith("}\n")
    assert "μ" in text


def test_a_result_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "ada.json"
    write_result(path, ONE)
    write_result(path, replace(ONE, points=2.0))
    assert read_result(path).points == 2.0
    assert [one.name for one in tmp_path.iterdir()] == ["ada.json"]


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_write_that_fails_leaves_the_earlier_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    write_result(tmp_path / "ada.json", ONE)
    before = (tmp_path / "ada.json").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        write_result(tmp_path / "ada.json", replace(ONE, points=2.0))
    monkeypatch.undo()
    assert (tmp_path / "ada.json").read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["ada.json"]


def test_who_may_read_a_result_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_result(tmp_path / "ada.json", ONE)
    finally:
        os.umask(before)
    assert (tmp_path / "ada.json").stat().st_mode & 0o777 == 0o600


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_result(tmp_path / "ada.json", ONE)
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        atomic.write_atomically(tmp_path / "class.csv", "ab\ud800")
    assert list(tmp_path.iterdir()) == []


WRITTEN = to_json(ONE)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        "null",
        "not JSON",
        WRITTEN[: len(WRITTEN) // 2],
        WRITTEN.replace('"schema": 1', '"schema": 2'),
        WRITTEN.replace('"schema": 1', '"schema": "one"'),
        WRITTEN.replace('"points": 1.5', '"points": "many"'),
        WRITTEN.replace('"points": 1.5', '"points": NaN'),
        WRITTEN.replace('"points": 1.5', '"points": Infinity'),
        WRITTEN.replace('"points": 1.5', '"points": 1e999'),
        WRITTEN.replace('"partial"', '"splendid"'),
        WRITTEN.replace('"student"', '"pupil"'),
        WRITTEN.replace('"exercises": [', '"exercises": [3, '),
        "[" * 10_000,
    ],
)
def test_a_file_without_a_result_is_told_by_its_name(tmp_path: Path, content: str) -> None:
    assert content != WRITTEN
    (path := tmp_path / "ada.json").write_text(content, encoding="utf-8")
    with pytest.raises(UnusableResult, match=r"ada\.json"):
        read_result(path)


def test_no_file_or_no_text_is_no_result(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    for name in ("gone.json", "folder.json", "bytes.json"):
        with pytest.raises(UnusableResult, match=name):
            read_result(tmp_path / name)


@given(st.binary(max_size=100) | RESULTS.map(lambda one: to_json(one).encode()), st.integers(0, 2000))
def test_any_bytes_are_a_result_or_unusable(folder: Path, content: bytes, cut: int) -> None:
    (path := folder / "any.json").write_bytes(content[:cut])
    try:
        result = read_result(path)
    except UnusableResult:
        return
    assert to_json(result).encode() == content
