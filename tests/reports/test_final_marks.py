"""The instructor's points and the rule for late work: what they make of the grader's marks."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from results_folder import COURSE, full_marks, write_class

from autograder.errors import UsageError
from autograder.reports.class_csv import ClassRow, class_csv
from autograder.reports.class_results import read_class
from autograder.reports.late import Deadline, asked_deadline, parse_due, parse_rule, read_deadline, write_deadline
from autograder.reports.marks import Mark
from autograder.submissions.class_list import Listed

HEAD = "student,exercise,points,comment\n"


def marks(folder: Path) -> dict[str, Mark]:
    return {one.student: one.final for one in read_class(folder).students}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ada, on time; Bea, late by 30 hours, known by number 7; Carl, who handed in nothing."""
    bea = ClassRow("bea", full_marks("bea"), "2026-11-22 04:59:00 UTC", listed=Listed("Bea B", ("7",)))
    ada = ClassRow("ada", full_marks("ada"), "2026-11-20 22:59:00.000000 UTC")
    write_class(tmp_path, [ada, bea, ClassRow("carl", remark="nothing was handed in")])
    return tmp_path


def test_the_instructors_points_take_the_place_of_the_graders(folder: Path) -> None:
    (folder / "overrides.csv").write_text(
        HEAD
        + 'ada,kl,1.5,"σ² is right, the sum\'s sign is not"\nada,encoder,0,\n7,,12,talked it over\ncarl,,3,by hand\n'
    )
    found = marks(folder)
    assert [found[name].points for name in ("ada", "bea", "carl")] == [12.5, 12, 3]
    assert [found[name].automatic_points for name in ("ada", "bea", "carl")] == [15, 15, None]
    assert found["ada"].overrides["kl"].comment == "σ² is right, the sum's sign is not"
    assert (found["ada"].points_of("kl"), found["ada"].points_of("decoder")) == (1.5, 2)


def test_class_csv_shows_final_points_and_says_whose_they_are_and_can_be_read_again(folder: Path) -> None:
    (folder / "overrides.csv").write_text(HEAD + "ada,kl,1.5,better\ncarl,,3,by hand\n")
    (folder / "late.toml").write_text('due = "2026-11-20T23:59+00:00"\npenalty = "10% per day, at most 50%"\n')
    before = read_class(folder)
    (folder / "class.csv").write_text(class_csv(COURSE, before.students), encoding="utf-8")
    with (folder / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        ada, bea, carl = csv.DictReader(file)
    assert (ada["points"], ada["automatic_points"], ada["overridden"], ada["kl"]) == (
        "14.5",
        "15",
        "kl 1.5: better",
        "1.5",
    )
    assert (bea["points"], bea["late_penalty"], bea["late"], bea["overridden"]) == ("12", "3", "late", "")
    assert (carl["points"], carl["overridden"], carl["flags"]) == ("3", "mark 3: by hand", "nothing was handed in")
    assert read_class(folder).students == before.students


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("adda,kl,1,", "no student is called 'adda'; is it ada?"),
        ("ada,KL,1,", "no exercise is called 'KL', but encoder, decoder"),
        ("ada,kl,2.5,", "2.5 points, but kl is worth 2"),
        ("ada,,15.5,", "15.5 points, but the whole mark is worth 15"),
        ("ada,kl,-1,", "-1 is no number of points"),
        ("ada,kl,nan,", "nan is no number of points"),
        ("ada,kl,two,", "'two' is no number of points"),
        ("ada,kl,,", "'' is no number of points"),
        (",kl,1,", "no student"),
        ("bea,kl,2,", "the same student and exercise are in line 2 already"),
    ],
)
def test_a_line_that_does_not_fit_stops_before_marks_leave(folder: Path, line: str, said: str) -> None:
    (folder / "overrides.csv").write_text(f"{HEAD}bea,kl,1,\n{line}\n")
    with pytest.raises(UsageError) as error:
        read_class(folder)
    assert f"{folder / 'overrides.csv'}, line 3: {said}" in str(error.value)


def test_every_line_that_does_not_fit_is_named(folder: Path) -> None:
    (folder / "overrides.csv").write_bytes(
        "student;exercise;points\nada;kl;1,5\nbea;kl;x\nbea;;y\n".encode("utf-8-sig")
    )
    with pytest.raises(UsageError, match=r"(?s)line 3: 'x'.*line 4: 'y'"):
        read_class(folder)
    (folder / "overrides.csv").write_text("student;exercise;points\nada;kl;1,5\n")
    assert marks(folder)["ada"].points == 14.5
    (folder / "overrides.csv").write_text("ada,kl,1\n")
    with pytest.raises(UsageError, match="line 1: no column is called student, exercise, points"):
        read_class(folder)


@pytest.mark.parametrize(
    ("rule", "hours", "penalty"),
    [
        ("10% per day, at most 50%", 0.1, 1.5),
        ("10% per day, at most 50%", 24, 1.5),
        ("10% per day, at most 50%", 24.1, 3),
        ("10% per day, at most 50%", 999, 7.5),
        ("1 point per hour", 2.5, 3),
        ("2 points", 2.5, 2),
        ("0.5 points per hour, at most 2 points", 100, 2),
        ("5% per hour", 9999, 15),
    ],
)
def test_a_rule_takes_what_it_says(folder: Path, rule: str, hours: float, penalty: float) -> None:
    due = parse_due("2026-11-22 04:59:00+00:00") - timedelta(hours=hours)  # bea hands in so much later
    write_deadline(folder, Deadline(due, parse_rule(rule)))
    bea = marks(folder)["bea"]
    assert (bea.late_penalty, bea.points) == (penalty, 15 - penalty)


def test_the_instructors_word_on_the_mark_is_the_last_one(folder: Path) -> None:
    (folder / "late.toml").write_text('due = "2026-11-20T23:59Z"\npenalty = "10% per day"\n')
    (folder / "overrides.csv").write_text(HEAD + "bea,,15,was ill\n")
    assert (marks(folder)["bea"].points, marks(folder)["bea"].late_penalty) == (15, 0)


def test_whose_time_is_not_known_loses_nothing_and_is_named(folder: Path) -> None:
    write_class(
        folder, [ClassRow("dora", full_marks("dora"), "", late=True), ClassRow("emil", full_marks("emil"), "soon")]
    )
    (folder / "late.toml").write_text('due = "2026-11-20T23:59Z"\npenalty = "10% per day"\n')
    read = read_class(folder)
    assert [one.final.points for one in read.students if one.student in ("dora", "emil")] == [15, 15]
    assert "dora" in read.notes[0]
    assert "the platform calls late: dora" in read.notes[0]


@pytest.mark.parametrize(
    "rule", ["", "10", "10%/day", "ten % per day", "10% per week", "110% per day", "-1% per day", "1% per day, most 5%"]
)
def test_other_rules_are_refused(rule: str) -> None:
    with pytest.raises(UsageError, match="--late-penalty"):
        parse_rule(rule)


@pytest.mark.parametrize("time", ["", "tomorrow", "2026-11-20", "2026-11-31T10:00", "20.11.2026 10:00"])
def test_other_times_are_refused(time: str) -> None:
    with pytest.raises(UsageError, match="--due"):
        parse_due(time)


@pytest.mark.parametrize("text", ["due = 1", "due", 'penalty = "2 points"', 'due = "2026-11-20T23:59"\nx = 1', "\xff"])
def test_a_damaged_deadline_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "late.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"late\.toml"):
        read_deadline(tmp_path)


def test_options_change_what_they_name_and_keep_the_rest(tmp_path: Path) -> None:
    first = asked_deadline("2026-11-20T23:59+00:00", "2 points", None)
    assert first is not None
    write_deadline(tmp_path, first)
    kept = read_deadline(tmp_path)
    assert kept == asked_deadline(None, None, kept) == first
    later = asked_deadline("2026-11-21T23:59+00:00", None, kept)
    assert later is not None
    assert (later.rule, (later.due - first.due).days) == (first.rule, 1)
    with pytest.raises(UsageError, match="--late-penalty needs --due"):
        asked_deadline(None, "2 points", None)
