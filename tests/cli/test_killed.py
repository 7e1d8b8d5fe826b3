"""A grading process that is killed, or cannot write: nothing is lost, half-written or left behind."""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graded import grade_in_process
from submissions import fill, right, save

from autograder.engine.fleet import Fleet

COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]
GRADE = [*COMMAND, "grade", "class", "--sandbox", "best", "--quiet", "--jobs", "2", "--results"]
MOMENTS = 10


def lay_out(folder: Path, *students: str) -> None:
    """Every other one needs a worker, and so is graded for a while; the rest cannot be read."""
    (folder / "autograder.salt").write_text("a line of random text\n")
    for number, student in enumerate(students):
        answers = ({}, right(), {}, fill(right(), "encoder", f"class Encoder: pass  # {student}"))
        save(answers[number % 4], folder / "class" / student / "autoencoders" / "autoencoders.ipynb")


def kept_in(folder: Path) -> list[Path]:
    return list(folder.glob("[!.]*.json"))


def results(folder: Path) -> dict[str, Any]:
    """Every result, without what it has cost; each file holds a whole one."""
    found = {}
    for path in kept_in(folder):
        found[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        del found[path.stem]["cpu_seconds"]
    return found


@pytest.mark.slow
def test_a_run_killed_at_ten_random_moments_ends_with_the_results_of_an_undisturbed_one(
    tmp_path: Path, fleet: Fleet
) -> None:
    students = [f"student-{number:02}" for number in range(8)]
    lay_out(tmp_path, *students)
    grade_in_process(tmp_path, fleet, "--results", "undisturbed")
    expected = results(tmp_path / "undisturbed")
    assert set(expected) == set(students)

    choice = random.Random(os.urandom(8))
    kept: list[int] = []
    for moment in range(MOMENTS):
        folder = f"killed-{moment // 5}"
        with subprocess.Popen([*GRADE, folder], cwd=tmp_path, stderr=subprocess.DEVNULL) as run:
            # At once or after a few more results: later, the run would be over.
            wanted = len(kept_in(tmp_path / folder)) + choice.randrange(3)
            while len(kept_in(tmp_path / folder)) < wanted and run.poll() is None:
                time.sleep(0.02)
            time.sleep(choice.uniform(0.0, 0.3))
            run.kill()
        found = results(tmp_path / folder)
        assert found == {student: expected[student] for student in found}
        kept.append(len(found))
    for folder in sorted({f"killed-{moment // 5}" for moment in range(MOMENTS)}):
        subprocess.run([*GRADE, folder], cwd=tmp_path, check=True)
        assert results(tmp_path / folder) == expected
        assert (tmp_path / folder / "class.csv").read_bytes() == (tmp_path / "undisturbed" / "class.csv").read_bytes()
    assert any(0 < number < len(students) for number in kept), f"no kill came in the middle: {kept}"


def test_results_that_do_not_fit_on_the_disk_are_missing_and_said(tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk: writing begins well and then fails."""
    for student in ("ada", "bea"):
        save({}, tmp_path / "class" / student / "autoencoders" / "autoencoders.ipynb")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))

    run = subprocess.run(
        [*GRADE, "results"], cwd=tmp_path, capture_output=True, text=True, preexec_fn=little_room, check=False
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert run.stderr.count("could not be written: File too large") == 2
    assert "2 of 2 submissions have no result; the same command tries them again" in run.stderr
    assert [path.name for path in (tmp_path / "results").iterdir() if path.suffix != ".csv"] == []
    subprocess.run([*GRADE, "results"], cwd=tmp_path, check=True)
    whole = results(tmp_path / "results")
    assert set(whole) == {"ada", "bea"}

    # With no room at all, not even for the table, what there was stays as it is.
    table = (tmp_path / "results" / "class.csv").read_bytes()
    full = subprocess.run(
        [*GRADE, "results", "--force"], cwd=tmp_path, capture_output=True, text=True, preexec_fn=no_room, check=False
    )
    assert full.returncode == 1
    assert "class.csv could not be written: File too large; results/misconceptions.csv could" in full.stderr
    assert results(tmp_path / "results") == whole
    assert (tmp_path / "results" / "class.csv").read_bytes() == table


def test_two_graders_on_one_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    students = [f"student-{number}" for number in range(20)]
    for student in students:
        save({}, tmp_path / "class" / student / "autoencoders" / "autoencoders.ipynb")
    graders = [
        subprocess.Popen([*GRADE, "results", "--force"], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [grader.communicate()[1] for grader in graders]
    assert [grader.returncode for grader in graders] == [0, 0], said
    assert set(results(tmp_path / "results")) == set(students)
    assert {path.suffix for path in (tmp_path / "results").iterdir()} == {".json", ".csv"}


def test_what_a_killed_writer_has_left_is_swept_away_later(autograder: Callable[..., Any], tmp_path: Path) -> None:
    save({}, tmp_path / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    (tmp_path / "results").mkdir()
    abandoned, recent = (tmp_path / "results" / f".ada.json.{number}.part" for number in range(2))
    for path in (abandoned, recent):
        path.write_text('{"schema"')
    os.utime(abandoned, (0, 0))
    assert autograder("grade", "class", "--results", "results", "--quiet").status == 0
    assert {path.name for path in (tmp_path / "results").iterdir()} == {
        "ada.json",
        "class.csv",
        "misconceptions.csv",
        recent.name,
    }
