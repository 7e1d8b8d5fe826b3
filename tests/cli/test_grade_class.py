"""``autograder grade`` on a small class: what it shows, writes, and leaves as it is the next time."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from submissions import fill, place, right, save

from autograder.course.installed import own_course
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.job import job
from autograder.engine.options import Options
from autograder.reports.result import Result
from autograder.submissions.submission import Submission

Run = Callable[..., Any]
GRADE = ["grade", "class", "--results", "results", "--sandbox", "best", "--jobs", "1"]
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder with a class and its results, and how the run ended. One is right, one is wrong, one is broken."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "autograder.salt").write_text("a line of random text\n")
    wrong = right()
    source = "".join(wrong["cells"][place(wrong, "encoder")]["source"])
    fill(wrong, "encoder", source.replace("F.relu(self.linear1(x))", "self.linear1(x)"))
    save(right(), folder / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    save(wrong, folder / "class" / "bea" / "autoencoders" / "autoencoders.ipynb")
    carl = save({}, folder / "class" / "carl" / "autoencoders" / "autoencoders.ipynb")
    carl.write_text("{")
    environment = {**os.environ, "PYTHONUTF8": "1"}
    run = subprocess.run(
        [*COMMAND, *GRADE],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    return folder, run


@pytest.fixture
def course(graded: tuple[Path, Any], tmp_path: Path) -> Path:
    """A copy of the class with its results."""
    shutil.copytree(graded[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The students whose notebooks are graded from now on; no worker runs for it."""
    students: list[str] = []

    def note(submission: Submission, options: Options, fleet: Fleet) -> Result:
        students.append(submission.student)
        return grade_submission(replace(submission, problem="not looked at"), options, fleet)

    monkeypatch.setattr(job, "grade_submission", note)
    return students  # type: ignore[return-value]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def result(course: Path, student: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((course / "results" / f"{student}.json").read_text(encoding="utf-8"))
    return found


def test_a_class_is_graded_whatever_the_notebooks_are(graded: tuple[Path, Any]) -> None:
    _, run = graded
    assert run.returncode == 0
    assert "Traceback" not in run.stdout + run.stderr
    assert run.stderr.splitlines() == ["ada: 15 of 15", "bea: 14 of 15", "carl: 0 of 15"]


def test_the_table_shows_every_student(graded: tuple[Path, Any]) -> None:
    lines = graded[1].stdout.splitlines()
    assert lines[0].split()[:2] == ["Student", "Enc"]
    assert lines[1].split() == ["ada", "2", "✓", "2", "✓", "2", "✓", "3", "✓", "2", "✓", "2", "✓", "2", "✓", "15/15"]
    assert lines[2].split()[:3] == ["bea", "1", "◐"]
    assert lines[2].split()[-1] == "14/15"
    assert lines[3].split()[-1] == "0/15"
    assert any(line.startswith("carl: autoencoders.ipynb is not valid JSON, so it is no notebook: ") for line in lines)
    assert lines[-1].startswith("Results: results")
    assert max(map(len, lines[:5])) <= 80  # the table and its legend; what is said of a student wraps


def test_every_student_has_a_result_file_and_the_class_has_one(graded: tuple[Path, Any]) -> None:
    folder, _ = graded
    assert set(files(folder / "results")) == {"ada.json", "bea.json", "carl.json", "class.csv", "misconceptions.csv"}
    ada = json.loads((folder / "results" / "ada.json").read_text(encoding="utf-8"))
    assert (ada["schema"], ada["student"], ada["assignment"]) == (1, "ada", "autoencoders")
    assert (ada["points"], ada["notebook"], ada["warnings"]) == (15.0, "autoencoders.ipynb", [])
    assert [entry["key"] for entry in ada["exercises"]] == list(own_course().keys)
    assert (ada["sandbox"]["level"], ada["environment"]["salt"], ada["flags"]) == ("best", "own", [])
    bea = json.loads((folder / "results" / "bea.json").read_text(encoding="utf-8"))
    named = {check["misconception"] for check in bea["exercises"][0]["checks"] if not check["passed"]}
    assert "encoder/no-hidden-activation" in named
    assert bea["seeds"] != ada["seeds"]


def test_the_class_file_has_a_row_for_each_student(graded: tuple[Path, Any]) -> None:
    with (graded[0] / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {student: row["points"] for student, row in rows.items()} == {"ada": "15", "bea": "14", "carl": "0"}
    assert rows["bea"]["encoder_status"] == "partial"
    assert "not valid JSON" in rows["carl"]["warnings"]


def test_notebooks_are_left_as_they_are(graded: tuple[Path, Any]) -> None:
    folder, _ = graded
    submitted = folder / "class" / "ada" / "autoencoders"
    assert [path.name for path in submitted.iterdir()] == ["autoencoders.ipynb"]
    assert json.loads((submitted / "autoencoders.ipynb").read_text(encoding="utf-8")) == right()


def test_a_second_run_keeps_every_result(autograder: Run, course: Path, again: list[str]) -> None:
    before = files(course / "results")
    ended = autograder(*GRADE)
    assert (ended.status, again) == (0, [])
    assert ended.err.splitlines() == [
        "ada: 15 of 15, kept from before", "bea: 14 of 15, kept from before", "carl: 0 of 15, kept from before",
    ]  # fmt: skip
    assert "ada" in ended.out
    assert files(course / "results") == before


def test_quiet_prints_nothing(autograder: Run, course: Path, again: list[str]) -> None:
    (course / "autograder.salt").unlink()
    ended = autograder(*GRADE, "--quiet")
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    assert again == ["ada", "bea", "carl"]


def test_without_a_salt_a_line_says_so(autograder: Run, course: Path, again: list[str]) -> None:
    (course / "autograder.salt").unlink()
    assert "public salt" in autograder(*GRADE).complaint
    assert again == ["ada", "bea", "carl"]


@pytest.mark.parametrize("options", [["--force"], ["--seed", "7"], ["--sandbox", "strict"]])
def test_every_notebook_is_graded_again_where_it_is_asked_for(
    autograder: Run, course: Path, again: list[str], options: list[str]
) -> None:
    ended = autograder(*GRADE, *options)
    assert (ended.status, again) == (0, ["ada", "bea", "carl"])
    seeds = json.loads((course / "results" / "ada.json").read_text(encoding="utf-8"))["seeds"]
    assert (seeds[0] == 7) == ("--seed" in options)


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff", b'{"schema": 1, "student": "bea"}'])
def test_a_damaged_result_is_graded_again(autograder: Run, course: Path, again: list[str], content: bytes) -> None:
    (course / "results" / "bea.json").write_bytes(content)
    assert autograder(*GRADE).status == 0
    assert again == ["bea"]


def test_a_changed_notebook_is_graded_again_and_one_saved_anew_is_not(
    autograder: Run, course: Path, again: list[str]
) -> None:
    changed = fill(right(), "decoder", "# given up\n")
    save(changed, course / "class" / "bea" / "autoencoders" / "autoencoders.ipynb")
    (ada := course / "class" / "ada" / "autoencoders" / "autoencoders.ipynb").write_text(json.dumps(right(), indent=4))
    assert ada.is_file()
    assert autograder(*GRADE).status == 0
    assert again == ["bea"]


def test_the_class_file_has_this_runs_students_and_a_line_names_the_others(
    autograder: Run, course: Path, again: list[str]
) -> None:
    save(right(), course / "dora.ipynb")
    ended = autograder("grade", "dora.ipynb", "--results", "results", "--sandbox", "best")
    assert (ended.status, again) == (0, ["dora"])
    with (course / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["student"] for row in csv.DictReader(file)] == ["dora"]
    assert "results also holds results that are not of this run, and not in class.csv: ada, bea, carl" in ended.err


def test_a_list_of_the_class_shows_who_handed_in_nothing(autograder: Run, course: Path, again: list[str]) -> None:
    (course / "class.csv").write_bytes("Name;Login;E-Mail\nAda L;ada;a@x\nMüller, Zoë;zoe;z@x\n".encode("utf-8-sig"))
    ended = autograder(*GRADE, "--students", "class.csv")
    assert (ended.status, again) == (0, [])
    assert "nothing was handed in by 1 of the list: Müller, Zoë" in ended.err
    assert "not in the list, or like several people in it: bea, carl" in ended.err
    with (course / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"ada", "bea", "carl", "Müller, Zoë"}
    assert (rows["ada"]["name"], rows["ada"]["email"], rows["bea"]["name"]) == ("Ada L", "a@x", "")
    assert (rows["Müller, Zoë"]["points"], rows["Müller, Zoë"]["flags"]) == ("", "nothing was handed in")


def test_a_list_that_cannot_be_read_stops_before_anything_is_graded(
    autograder: Run, course: Path, again: list[str]
) -> None:
    (course / "list.csv").write_text("name,id\nada,1\nbea,1\n")
    ended = autograder(*GRADE, "--force", "--students", "list.csv")
    assert (ended.status, again) == (2, [])
    assert "list.csv, line 3: 1 is in line 2 already" in ended.complaint


def test_a_large_class_is_cut_to_those_to_look_at_and_a_few_more(
    autograder: Run, course: Path, again: list[str]
) -> None:
    for number in range(60):
        save(right(), course / "class" / f"s{number:02}" / "autoencoders.ipynb")
    (course / "class" / "zoe").mkdir()
    ended = autograder(*GRADE)
    lines = ended.out.splitlines()
    assert (ended.status, len(again)) == (0, 61)
    table = lines[1 : lines.index(next(line for line in lines if line.startswith("and ")))]
    assert len(table) == 40
    assert not {"ada", "bea"} & {line.split()[0] for line in table}  # all the others have a flag
    assert f"and 24 more in results{os.sep}class.csv" in ended.out
    assert "64 students, mean" in ended.out
    assert "Encoder" in ended.out
    assert "and 42 more that could not be read: column `warnings` in class.csv" in ended.out


def test_a_fault_of_the_grader_is_a_missing_result_and_status_1(
    autograder: Run, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(submission: Submission, options: Options, fleet: Fleet) -> Result:
        if submission.student == "ada":
            raise RuntimeError("out of order")
        return grade_submission(replace(submission, problem="not looked at"), options, fleet)

    monkeypatch.setattr(job, "grade_submission", fail)
    (course / "results" / "ada.json").unlink()
    ended = autograder(*GRADE)
    assert ended.status == 1
    complaints = [line for line in ended.err.splitlines() if line.startswith("autograder: ")]
    assert complaints == [
        "autograder: ada has no result: the grader failed with RuntimeError: out of order",
        "autograder: 1 of 3 submissions have no result; the same command tries them again",
    ]
    assert set(files(course / "results")) == {"bea.json", "carl.json", "class.csv", "misconceptions.csv"}


@pytest.mark.parametrize("options", [[], ["--force"]])
def test_a_file_that_bears_another_students_name_takes_no_place(
    autograder: Run, course: Path, again: list[str], options: list[str]
) -> None:
    note = save({}, course / "class" / "bea" / "autoencoders" / "notes" / "ada.ipynb")
    before = files(course / "results")["ada.json"]
    ended = autograder(*GRADE, *options)
    assert (ended.status, files(course / "results")["ada.json"] == before) == (0, not options)
    assert "bea/autoencoders/notes/ada.ipynb is passed over" in ended.err
    before = files(course / "results")["ada.json"]
    ended = autograder("grade", note, "--results", "results", "--sandbox", "best", *options)
    assert (ended.status, files(course / "results")["ada.json"]) == (1, before)
    assert "is the result of ada/autoencoders/autoencoders.ipynb" in ended.err
    assert again[-1] == "ada"


def test_a_students_folder_follows_on_a_file_of_the_same_name(autograder: Run, course: Path, again: list[str]) -> None:
    """A class that was downloaded flat comes in folders the next time."""
    for student in ("ada", "bea"):
        (course / "class" / student / "autoencoders" / "autoencoders.ipynb").rename(course / f"{student}.ipynb")
        (course / "results" / f"{student}.json").unlink()
    assert autograder("grade", "ada.ipynb", "bea.ipynb", *GRADE[2:]).status == 0
    for student in ("ada", "bea"):
        (course / f"{student}.ipynb").rename(course / "class" / student / "autoencoders" / "autoencoders.ipynb")
    assert (autograder(*GRADE).status, again) == (0, ["ada", "bea", "ada", "bea"])
    with (course / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["student"] for row in csv.DictReader(file)] == ["ada", "bea", "carl"]


def test_of_several_notebooks_one_counts_and_the_others_are_named_in_a_flag(
    autograder: Run, course: Path, again: list[str]
) -> None:
    for name in ("a\x1b[2J.ipynb", "b.ipynb"):
        save(right(), course / "class" / "dora" / "autoencoders" / name)
    ended = autograder(*GRADE)
    assert (ended.status, again) == (0, ["dora"])
    [flag] = [one for one in result(course, "dora")["flags"] if one.startswith("handed in: ")]
    assert "b.ipynb" in flag
    assert "\x1b" not in ended.err + ended.out + flag


def test_a_result_is_not_kept_where_another_notebook_has_come(autograder: Run, course: Path, again: list[str]) -> None:
    save(right(), course / "class" / "ada" / "autoencoders" / "copy.ipynb")
    for expected in (["ada"], ["ada"]):
        assert (autograder(*GRADE).status, again) == (0, expected)
    assert [flag for flag in result(course, "ada")["flags"] if "copy.ipynb" in flag]


def test_results_may_lie_in_the_class_and_are_nobodys_work(autograder: Run, course: Path, again: list[str]) -> None:
    inside = ["class/results" if word == "results" else word for word in GRADE]
    assert (autograder(*inside).status, again) == (0, ["ada", "bea", "carl"])
    assert {path.stem for path in (course / "class" / "results").glob("*.json")} == {"ada", "bea", "carl"}
    assert (autograder(*inside).status, again) == (0, ["ada", "bea", "carl"])


def test_the_instructors_points_and_late_work_show_in_the_class_file_and_are_kept(
    autograder: Run, course: Path, again: list[str]
) -> None:
    (course / "results" / "overrides.csv").write_text("student,exercise,points,comment\nada,kl,1,half\nadda,,1,\n")
    (course / "class" / "bea" / "autoencoders" / "timestamp.txt").write_text("2026-11-22 04:00:00.0 UTC")
    before = files(course / "results")["bea.json"]
    ended = autograder(*GRADE, "--due", "2026-11-20T23:59+00:00", "--late-penalty", "1 point per day")
    assert (ended.status, again) == (0, [])
    assert "overrides.csv, line 3: no student is called 'adda'; is it ada?" in ended.err
    assert "overrides.csv sets points of 1, being late costs 1 students points" in ended.out
    assert files(course / "results")["bea.json"] == before
    autograder(*GRADE)  # what was said once holds
    with (course / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert (rows["ada"]["points"], rows["ada"]["kl"], rows["ada"]["overridden"]) == ("14", "1", "kl 1: half")
    assert (rows["bea"]["late"], rows["bea"]["late_penalty"]) == ("late", "2")
    assert float(rows["bea"]["points"]) == float(rows["bea"]["automatic_points"]) - 2


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--due", "monday"], "--due 'monday'"), (["--late-penalty", "2 points"], "--late-penalty needs --due")],
)
@pytest.mark.usefixtures("course")
def test_a_rule_for_late_work_that_cannot_be_read_stops_before_anything_is_graded(
    autograder: Run, again: list[str], options: list[str], said: str
) -> None:
    ended = autograder(*GRADE, "--force", *options)
    assert (ended.status, again) == (2, [])
    assert said in ended.complaint
