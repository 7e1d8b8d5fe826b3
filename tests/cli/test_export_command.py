"""``autograder export``: files that platforms take, read as their importers read them."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from results_folder import full_marks, write_class

from autograder.judging.verdicts import CheckResult, Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.result import Result
from autograder.submissions.class_list import Listed

Run = Callable[..., Any]

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,autoencoders (77),"Essay, long (78)",Final Score
    Points Possible,,,,,15,10,(read only)
"Lovelace, Ada",101,S1,ada,A,,7,"=""x"",y"
"Bell, Bea",102,S2,bbell,A,3,8,
"Öz, Carl",103,S3,coz,B,4,9,
"Student, Test",104,,abc,A,,,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission),\
Last modified (grade),Feedback comments
Participant 501,Ada Lovelace,al@x.de,Submitted,,15.00,Yes,"Friday, 20 November 2026, 11:00 PM",-,
Participant 502,Bea Bell,bb@x.de,Submitted,2.00,15.00,Yes,-,"Friday, 20 November 2026, 11:30 PM",old words
Participant 503,Carl Öz,carl@x.de,No submission,,15.00,Yes,-,-,
"""


def half(student: str) -> Result:
    """A result with a mistake in the first exercise, whose message is hostile."""
    result = full_marks(student)
    first, *rest = result.exercises
    check = CheckResult(first.checks[0].key, False, 0.0, 1.0, "encoder/no-hidden-activation", "<script>=1+1</script>")
    first = replace(first, status=Status.PARTIAL, points=1.0, checks=(check, *first.checks[1:]))
    return replace(result, exercises=(first, *rest), points=14.0, flags=("for the instructor alone",), seeds=(7, 8))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """A class: `ada` by login, one by the list's number, one known to nobody; Carl handed in nothing."""
    rows = [
        ClassRow("ada", half("ada")),
        ClassRow("b.e.a", full_marks("b.e.a"), listed=Listed("Bea", ("S2",), "bb@x.de")),
        ClassRow("stranger", full_marks("stranger")),
        ClassRow("Carl Öz", listed=Listed("Carl Öz", ("S3",)), remark="nothing was handed in"),
    ]
    write_class(tmp_path / "results", rows)
    (tmp_path / "canvas.csv").write_text(CANVAS, encoding="utf-8")
    (tmp_path / "moodle.csv").write_text(MOODLE, encoding="utf-8")
    return tmp_path


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_canvas_gets_its_own_gradebook_back_with_one_column_filled_in(autograder: Run, folder: Path) -> None:
    (folder / "results" / "overrides.csv").write_text("student,exercise,points\nb.e.a,,12.5\n")
    ended = autograder("export", "results", "--to", "canvas", "--template", "canvas.csv", "-o", "out.csv")
    assert (ended.status, "2 marks filled in" in ended.out) == (0, True)
    expected = cells(CANVAS)
    expected[2][5], expected[3][5] = "14", "12.5"
    assert cells((folder / "out.csv").read_text("utf-8")) == expected
    assert "no row fits, so no mark was filled in: stranger" in ended.err
    assert "no mark for, so left as they were: Öz, Carl, Student, Test" in ended.err


def test_a_list_says_who_is_who_where_names_do_not(autograder: Run, folder: Path) -> None:
    (folder / "who.csv").write_text("name,login,id\nSomebody,stranger,S3\n")
    command = ["export", "results", "--to", "canvas", "--template", "canvas.csv", "-o", "out.csv"]
    ended = autograder(*command, "--students", "who.csv")
    assert "3 marks filled in" in ended.out
    assert cells((folder / "out.csv").read_text("utf-8"))[4][5] == "15"


def test_two_students_for_one_row_are_nobodys(autograder: Run, folder: Path) -> None:
    rows = [ClassRow(name, full_marks(name), listed=Listed("", ("S1",))) for name in ("x1", "x2")]
    write_class(folder / "twice", rows)
    ended = autograder("export", "twice", "--to", "canvas", "--template", "canvas.csv")
    assert "0 marks filled in" in ended.out
    assert "no row fits, so no mark was filled in: x1, x2" in ended.err
    assert cells((folder / "twice" / "canvas.csv").read_text("utf-8")) == cells(CANVAS)


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (("autoencoders (77)", "Other (77)"), [], "which column is the assignment's?"),
        (("autoencoders (77)", "Other (77)"), ["--column", "Essay, long"], "Canvas gives 10 points"),
        (("Possible,,,,,15", "Possible,,,,,100"), [], "Canvas gives 100 points"),
        (("Student,ID", "Name,Number"), [], "is no gradebook of Canvas"),
    ],
)
def test_a_gradebook_that_does_not_fit_is_left_alone(
    autograder: Run, folder: Path, change: tuple[str, str], options: list[str], said: str
) -> None:
    (folder / "canvas.csv").write_text(CANVAS.replace(*change), encoding="utf-8")
    ended = autograder("export", "results", "--to", "canvas", "--template", "canvas.csv", "-o", "out.csv", *options)
    assert (ended.status, (folder / "out.csv").exists()) == (2, False)
    assert said in ended.complaint


def test_moodle_gets_its_own_worksheet_back_with_grades_and_comments(autograder: Run, folder: Path) -> None:
    (folder / "results" / "overrides.csv").write_text("student,exercise,points,comment\nada,kl,1,the sum was right\n")
    command = ["export", "results", "--to", "moodle", "--template", "moodle.csv", "-o", "out.csv"]
    ended = autograder(*command)
    assert ended.status == 0
    before, after = cells(MOODLE), cells((folder / "out.csv").read_text("utf-8"))
    assert [place for place, cell in enumerate(after[2]) if cell != before[2][place]] == [4, 9]
    assert after[:2] + after[3:] == before[:2] + before[3:]  # Moodle knows nobody of the login `ada`
    assert after[2][4] == "15"
    (folder / "who.csv").write_text("name,login,email\nAda Lovelace,ada,al@x.de\n")
    autograder(*command, "--students", "who.csv")
    ada = cells((folder / "out.csv").read_text("utf-8"))[1]
    assert ada[4] == "13"
    assert "Encoder: 1/2, partly right" in ada[9]
    assert "KL divergence: 1 points given by the instructor: the sum was right" in ada[9]
    assert "for the instructor alone" not in ada[9]


LANGUAGES = {
    "de": "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar",
    "fr": "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,La note peut être modifiée,"
    "Dernière modification (travail remis),Dernière modification (note),Feedback par commentaires",
    "es": "Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación máxima,Se puede cambiar,"
    "Última modificación (entrega),Última modificación (calificación),Comentarios de retroalimentación",
}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_worksheet_in_another_language_goes_back_in_it(autograder: Run, folder: Path, language: str) -> None:
    """Bea is found by her address, whatever its heading."""
    heads, rest = LANGUAGES[language], MOODLE.partition("\n")[2].replace("15.00", "15,00".join('""'))
    (folder / "moodle.csv").write_text(f"{heads}\n{rest}", encoding="utf-8")
    assert autograder("export", "results", "--to", "moodle", "--template", "moodle.csv", "-o", "out.csv").status == 0
    told, _, bea, _ = cells((folder / "out.csv").read_text("utf-8"))
    assert told == heads.split(",")
    assert (bea[4], "Encoder: 2/2, all right" in bea[9]) == ("15", True)


TEAMS = """\
Identifier,Full name,Email address,Status,Group,Grade,Maximum grade,Last modified (grade),Feedback comments
Participant 501,Ada Lovelace,al@x.de,Submitted,Team One,,15.00,-,
Participant 502,Bea Bell,bb@x.de,Submitted,Team One,,15.00,-,
Participant 503,Carl Öz,carl@x.de,Submitted,Team Two,,15.00,-,
"""


def test_a_teams_points_are_each_members_and_its_number_is_nobodys(autograder: Run, folder: Path) -> None:
    """The folder of team one has the number 503, which is Carl's as a participant; Carl handed in alone."""
    team = replace(half("Team One"), source="Team One_503_assignsubmission_file/autoencoders.ipynb")
    carl = ClassRow("carl", full_marks("carl"), listed=Listed("Carl Öz", (), "carl@x.de"))
    write_class(folder / "teams", [ClassRow("Team One", team), carl])
    (folder / "moodle.csv").write_text(TEAMS, encoding="utf-8")
    ended = autograder("export", "teams", "--to", "moodle", "--template", "moodle.csv", "-o", "out.csv")
    assert ended.status == 0
    assert [row[5] for row in cells((folder / "out.csv").read_text("utf-8"))[1:]] == ["14", "14", "15"]


def test_moodles_numbers_are_those_of_its_folders(autograder: Run, folder: Path) -> None:
    result = replace(full_marks("Zoe"), source="Zoe_503_assignsubmission_file/autoencoders.ipynb")
    write_class(folder / "moodle", [ClassRow("Zoe", result)])
    autograder("export", "moodle", "--to", "moodle", "--template", "moodle.csv", "-o", "out.csv")
    assert cells((folder / "out.csv").read_text("utf-8"))[3][4] == "15"


def test_gradescope_gets_results_in_its_documented_form(autograder: Run, folder: Path) -> None:
    (folder / "results" / "overrides.csv").write_text("student,exercise,points,comment\nada,,13.5,spoke to me\n")
    assert autograder("export", "results", "--to", "gradescope", "-o", "gs").status == 0
    assert sorted(path.parent.name for path in (folder / "gs").glob("*/results.json")) == ["ada", "b.e.a", "stranger"]
    text = (folder / "gs" / "ada" / "results.json").read_text("utf-8")
    ada = json.loads(text)
    assert ada["score"] == 13.5
    assert "spoke to me" in ada["output"]
    assert "for the instructor alone" not in text
    formats = {"text", "html", "simple_format", "md", "ansi"}
    for test in ada["tests"]:
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in ("hidden", "after_due_date", "after_published", "visible")
        assert test["output_format"] in formats
    assert ada["tests"][0]["output_format"] == "text"  # a student's words are shown, not rendered
    assert 'check("encoder", seed=7)' in ada["tests"][0]["output"]
    assert (ada["tests"][0]["score"], ada["tests"][0]["status"]) == (1.0, "failed")


def test_csv_renews_the_class_file(autograder: Run, folder: Path) -> None:
    (folder / "results" / "overrides.csv").write_text("student,exercise,points\nada,,13.5\n")
    assert autograder("export", "results", "--to", "csv").status == 0
    with (folder / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert (rows["ada"]["points"], rows["ada"]["automatic_points"]) == ("13.5", "14")
    assert rows["Carl Öz"]["flags"] == "nothing was handed in"


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_without_the_platforms_file_it_says_which_one_it_needs(autograder: Run, form: str) -> None:
    ended = autograder("export", "results", "--to", form)
    assert ended.status == 2
    assert "--template FILE.csv" in ended.complaint


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///gone.db", "gone.db does not exist"),
        ("postgresql://teacher:very-secret@127.0.0.1:9/marks", "teacher:***@127.0.0.1:9/marks cannot be used: "),
    ],
)
def test_a_gradebook_that_cannot_be_used_is_named_in_one_line(
    autograder: Run, tmp_path: Path, url: str, said: str
) -> None:
    write_class(tmp_path / "results", [ClassRow("ada", full_marks("ada"))])
    (tmp_path / "nbgrader_config.py").write_text(f"get_config().CourseDirectory.db_url = {url!r}\n")
    done = autograder("export", "results", "--to", "nbgrader")
    assert done.status == 2
    assert said in done.err
    assert "very-secret" not in done.err
    assert "Traceback" not in done.err
    assert not list(tmp_path.rglob("*.db"))
