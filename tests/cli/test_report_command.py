"""`autograder report`: the files that it writes, and what it says where it cannot."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from results_folder import full_marks, write_class

from autograder.reports.class_csv import ClassRow

Run = Callable[..., Any]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    write_class(folder, [ClassRow(one, full_marks(one)) for one in ("ada", "a/b:c", "<b>bea</b>")])
    return folder


def test_it_writes_a_page_for_each_student_and_one_for_the_class(autograder: Run, results: Path) -> None:
    ended = autograder("report", results)
    assert (ended.status, "report.html" in ended.out, "3 pages" in ended.out) == (0, True, True)
    pages = {path.name for path in (results / "feedback").iterdir()}
    assert pages == {f"{path.stem}.html" for path in results.glob("*.json")}
    assert "ada" in (results / "report.html").read_text("utf-8")


def test_again_it_writes_the_same_bytes(autograder: Run, results: Path) -> None:
    autograder("report", results)
    before = {path: path.read_bytes() for path in results.rglob("*.html")}
    autograder("report", results)
    assert {path: path.read_bytes() for path in results.rglob("*.html")} == before


def test_without_names_the_class_page_has_none(autograder: Run, results: Path) -> None:
    assert autograder("report", results, "--anonymous").status == 0
    assert "ada" not in (results / "report.html").read_text("utf-8").partition("<script")[0]


def test_an_earlier_hand_in_is_compared(autograder: Run, results: Path) -> None:
    assert autograder("report", results, "--before", results).status == 0
    assert "3 students are in both" in (results / "report.html").read_text("utf-8")


def test_a_folder_without_results_is_a_slip_of_usage(autograder: Run, tmp_path: Path, results: Path) -> None:
    (tmp_path / "empty").mkdir()
    for arguments in (["nowhere"], ["empty"], [results, "--before", "empty"]):
        ended = autograder("report", *arguments)
        assert ended.status == 2
        assert "autograder grade" in ended.complaint or "cannot be read" in ended.complaint
    assert not (results / "report.html").exists()


def test_a_damaged_result_is_named_and_stops_nobody(autograder: Run, results: Path) -> None:
    (results / "bob.json").write_text("{")
    ended = autograder("report", results)
    assert ended.status == 0
    assert "bob.json" in ended.err
    assert (results / "feedback" / "ada.html").exists()


def test_cells_that_are_kept_beside_a_result_are_shown_and_those_of_another_hand_in_are_not(
    autograder: Run, results: Path
) -> None:
    wrong = json.loads((results / "ada.json").read_text("utf-8"))
    wrong["exercises"][0] |= {"status": "failed", "points": 0.0}
    wrong["exercises"][0]["checks"][0] |= {"passed": False, "points": 0.0, "message": "no"}
    (results / "ada.json").write_text(json.dumps(wrong), "utf-8")
    (results / "evidence").mkdir()
    for digest, there in (("what was handed in", True), ("another", False)):
        kept = {"schema": 1, "digest": digest, "cells": {"encoder": "class MyEncoder: pass"}}
        (results / "evidence" / "ada.json").write_text(json.dumps(kept))
        autograder("report", results)
        assert ("MyEncoder" in (results / "feedback" / "ada.html").read_text("utf-8")) is there
