"""An instructor's own tests wherever points are shown: apart from the exercises, and in the sum."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from results_folder import full_marks
from rich.console import Console

from autograder.course.installed import own_course
from autograder.judging.own_tests import own_question
from autograder.judging.verdicts import Status
from autograder.reports.class_csv import ClassRow, class_csv, misconceptions_csv
from autograder.reports.class_report import class_report
from autograder.reports.class_results import ClassResults, read_class
from autograder.reports.class_students import Names
from autograder.reports.class_summary import exercise_table
from autograder.reports.class_table import class_table
from autograder.reports.comparison import compare
from autograder.reports.evidence import Evidence
from autograder.reports.exports.gradescope import gradescope
from autograder.reports.feedback_page import feedback_page
from autograder.reports.result import Result, write_result

COURSE = own_course()
QUESTIONS = (
    own_question("test_mean", 2.0, 2.0, Status.PASSED),
    own_question("test_sum", 4.0, 1.0, Status.PARTIAL, "The test gave 1 point."),
    own_question("test_loss", 1.0, 0.0, Status.REVIEW, "The test needs <b>`vae`</b>."),
)


def with_own(student: str) -> Result:
    """Full marks in the exercises, three of seven points in the instructor's own."""
    result = full_marks(student)
    return replace(result, points=result.points + 3, max_points=result.max_points + 7, questions=QUESTIONS)


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_each_has_its_columns_in_class_csv() -> None:
    row, without = cells(class_csv(COURSE, [ClassRow("ada", with_own("ada")), ClassRow("bob", full_marks("bob"))]))
    assert (row["points"], row["max_points"], row["review"]) == ("18", "22", "test_loss")
    assert {name: row[name] for name in row if name.startswith("test_")} == {
        "test_mean": "2", "test_mean_status": "passed", "test_sum": "1", "test_sum_status": "partial",
        "test_loss": "0", "test_loss_status": "review",
    }  # fmt: skip
    assert (without["points"], without["test_mean"]) == ("15", "")
    failed = cells(misconceptions_csv([ClassRow("ada", with_own("ada"))]))
    assert [(one["exercise"], one["check"], one["points"]) for one in failed] == [
        ("test_sum", "test", "1"),
        ("test_loss", "test", "0"),
    ]


def shown(table: object) -> list[str]:
    console = Console(width=80, file=io.StringIO())
    console.print(table)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in text.splitlines()]


def test_the_table_has_one_column_for_all_and_no_sum_in_anothers_place() -> None:
    less = full_marks("bob")
    less = replace(less, exercises=less.exercises[1:], points=13.0, max_points=13.0)
    head, first, second = shown(class_table(COURSE, [ClassRow("ada", with_own("ada")), ClassRow("bob", less)]))
    assert head.split()[-2:] == ["own", "Points"]
    assert first.split()[-3:] == ["3", "?", "18/22"]
    assert len(second) == len(head)
    assert second.index("2 ✓") > head.index("Enc") + len("Enc")
    means = shown(exercise_table(COURSE, [ClassRow("ada", with_own("ada"))]))
    assert any(line.startswith("test_sum") and "1 of 4" in line for line in means)


def test_the_students_page_tells_them_and_escapes_what_they_say() -> None:
    page = feedback_page(COURSE, ClassRow("ada", with_own("ada")), Evidence())
    assert "18 of 22 points" in page
    assert "test_sum" in page
    assert "The test needs &lt;b&gt;<code>vae</code>&lt;/b&gt;." in page


def test_the_class_report_draws_and_counts_them_behind_the_exercises() -> None:
    own = tuple(replace(one, key="<b>" + one.key, title="<b>") if n == 2 else one for n, one in enumerate(QUESTIONS))
    class_ = ClassResults(Path(), (ClassRow("ada", replace(with_own("ada"), questions=own)),
                                   ClassRow("bob", full_marks("bob"))))  # fmt: skip
    html = class_report(COURSE, class_, {}, None, Names.SHOWN)
    assert '<td>test_sum</td><td class="num">1 of 4</td>' in html
    assert "<td>&lt;b&gt;test_loss</td>" in html
    drawn = json.loads(html.partition('id="data">')[2].partition("</script>")[0])["statuses"]
    assert [(one["exercise"], one["key"], one["students"]) for one in drawn[-3:]] == [
        ("test_mean", "passed", 1), ("test_sum", "partial", 1), ("<b>test_loss", "review", 1),
    ]  # fmt: skip


def test_gradescope_has_a_test_for_each() -> None:
    data = json.loads(gradescope(COURSE, ClassRow("ada", with_own("ada"))))
    assert data["score"] == 18.0
    assert [(one["name"], one["score"], one["max_score"]) for one in data["tests"][-3:]] == [
        ("test_mean", 2.0, 2.0),
        ("test_sum", 1.0, 4.0),
        ("test_loss", 0.0, 1.0),
    ]
    assert "check(" not in data["tests"][-2]["output"]


def test_an_instructor_may_set_their_points(tmp_path: Path) -> None:
    write_result(tmp_path / "ada.json", with_own("ada"))
    (tmp_path / "overrides.csv").write_text("student,exercise,points,comment\nada,test_loss,1,it is right\n")
    (row,) = read_class(tmp_path).students
    assert (row.final.automatic_points, row.final.points) == (18.0, 19.0)
    (difference,) = compare(read_class(tmp_path), _without_overrides(tmp_path)).differences
    assert (difference.old, difference.new) == (19.0, 18.0)


def _without_overrides(folder: Path):  # type: ignore[no-untyped-def]
    (folder / "overrides.csv").unlink()
    return read_class(folder)


@pytest.mark.parametrize("asked", [QUESTIONS, ()])
def test_the_file_has_them_only_where_there_are_any(tmp_path: Path, asked: tuple[object, ...]) -> None:
    write_result(tmp_path / "ada.json", replace(with_own("ada"), questions=asked))  # type: ignore[arg-type]
    data = json.loads((tmp_path / "ada.json").read_text(encoding="utf-8"))
    assert ("questions" in data) == bool(asked)
