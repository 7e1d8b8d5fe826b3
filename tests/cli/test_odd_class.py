"""A class in which nearly everybody has handed in something odd: one command grades it all and loses nobody."""

import csv
import subprocess
from pathlib import Path
from typing import Any

import pytest
from graded import results_in, run_grade
from odd import CLASS, ELSEWHERE
from odd.case import check_case, hand_in
from odd.students import NAMES
from odd.surroundings import TIMEOUT

CASES = {**CLASS, **ELSEWHERE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    (folder / "autograder.salt").write_text("a line of random text\n")
    for student, case in CASES.items():
        hand_in(case, student, folder / "class")
    return folder


@pytest.fixture(scope="module")
def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return run_grade(folder, "--timeout", str(TIMEOUT))


@pytest.fixture(scope="module")
def results(folder: Path, run: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    del run  # ended before
    return results_in(folder / "results")


def test_nobody_is_lost(results: dict[str, dict[str, Any]]) -> None:
    assert results.keys() == CASES.keys()


@pytest.mark.parametrize("student", CASES)
def test_everybody_earns_and_reads_what_was_handed_in(results: dict[str, dict[str, Any]], student: str) -> None:
    check_case(CASES[student], results[student])


@pytest.mark.parametrize("student", ["honest", "untouched", "module", *NAMES])
def test_a_person_is_asked_to_look_only_where_there_is_something_to_see(
    results: dict[str, dict[str, Any]], student: str
) -> None:
    assert (results[student]["flags"], results[student]["warnings"]) == ([], [])


def test_everybody_has_a_row_that_says_what_concerns_them(folder: Path, results: dict[str, dict[str, Any]]) -> None:
    with (folder / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{name: cell.removeprefix("'") for name, cell in row.items()} for row in csv.DictReader(file)]
    by_name = {" ".join(student.split()): result for student, result in results.items()}  # a row is one line
    assert {row["student"]: float(row["points"]) for row in rows} == {
        name: result["points"] for name, result in by_name.items()
    }
    for row in rows:
        said, result = f"{row['warnings']} {row['flags']}", by_name[row["student"]]
        assert all(line in said for line in (*result["warnings"], *result["flags"]))


def test_the_first_of_what_concerns_them_is_said_at_once(
    run: subprocess.CompletedProcess[str], results: dict[str, dict[str, Any]]
) -> None:
    [warning] = results["a-number"]["warnings"]
    assert f"a-number: {warning}" in run.stdout.splitlines()
    assert "more" in run.stdout
