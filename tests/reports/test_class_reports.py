"""A class's results for people: the CSV file, the table, and the words in both."""

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.course.course import Course
from autograder.course.installed import own_course
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status
from autograder.reports.class_csv import ClassRow, class_csv, misconceptions_csv
from autograder.reports.class_summary import distribution, exercise_table
from autograder.reports.class_table import LEGEND, class_table, problems, to_show
from autograder.reports.marks import Mark, Override, mark_of
from autograder.reports.result import Result
from autograder.reports.wording import LOOKS, marked, points, shown_plainly
from autograder.submissions.class_list import Listed

COURSE = own_course()
PASSED = tuple(
    ExerciseResult(one.key, one.title, one.max_points, one.max_points, Status.PASSED, ()) for one in COURSE.exercises
)
ADA = Result(
    student="ada",
    assignment="autoencoders",
    notebook="a.ipynb",
    points=15.0,
    max_points=15.0,
    seeds=(1,),
    grader={},
    environment={},
    sandbox={"level": "best", "layers": {"seccomp": "on"}},
    digest="d",
    cpu_seconds=0.2,
    warnings=(),
    exercises=PASSED,
)


def with_statuses(result: Result, *statuses: Status) -> Result:
    """The result, its first exercises with these statuses and 1.75 points each."""
    exercises = list(result.exercises)
    for number, status in enumerate(statuses):
        exercises[number] = replace(exercises[number], status=status, points=1.75)
    return replace(result, exercises=tuple(exercises), points=sum(one.points for one in exercises))


def with_points(*earned: float) -> list[ClassRow]:
    return [ClassRow(f"s{number}", mark=Mark({"encoder": value}, 15.0)) for number, value in enumerate(earned)]


def rows(*results: Result) -> list[dict[str, str]]:
    return read(class_csv(COURSE, [ClassRow(one.student, one) for one in results]))


def read(text: str) -> list[dict[str, str]]:
    """The rows, as a spreadsheet reads them that goes by the mark at the beginning."""
    return list(csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"), newline="")))


def shown(*results: Result, width: int = 80, course: Course = COURSE, most: int = 1000) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(class_table(course, to_show([ClassRow(one.student, one) for one in results], most)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_csv_has_a_row_for_each_student_in_order() -> None:
    bea = with_statuses(replace(ADA, student="bea", warnings=("one", "two")), Status.REVIEW, Status.PARTIAL)
    first, second = rows(bea, ADA)
    assert (first["student"], first["points"], first["max_points"], first["review"]) == ("ada", "15", "15", "")
    assert (second["encoder"], second["encoder_status"], second["train_status"]) == ("1.75", "review", "passed")
    assert (second["points"], second["review"], second["warnings"]) == ("14.5", "encoder", "one; two")


def test_csv_tells_whose_notebook_to_look_at() -> None:
    flagged = replace(ADA, student="bea", warnings=("one",), flags=("look at this", "and that"))
    first, second, third = rows(ADA, flagged, with_statuses(replace(flagged, student="carl"), Status.REVIEW))
    assert (first["review"], second["review"], third["review"]) == ("", "notebook", "encoder notebook")
    assert (second["warnings"], second["flags"]) == ("one", "look at this; and that")
    assert (second["encoder_status"], second["points"]) == ("passed", "15")


def test_csv_names_points_and_status_of_every_exercise() -> None:
    assert set(rows(ADA)[0]) == {
        "student", "assignment", "points", "max_points", "handed_in", "late", "review", "warnings", "flags",
        *COURSE.keys, *(f"{key}_status" for key in COURSE.keys),
    }  # fmt: skip


def test_csv_leaves_empty_what_was_not_graded() -> None:
    [row] = rows(replace(ADA, exercises=PASSED[:1]))
    assert (row["encoder"], row["interpolate"], row["interpolate_status"]) == ("2", "", "")


@given(st.text(st.sampled_from('=+-@\t\r\n",;|a 1'), max_size=8), st.text(max_size=8))
def test_csv_holds_no_formula_and_loses_no_word(student: str, warning: str) -> None:
    [row] = rows(replace(ADA, student=student, warnings=(warning,)))
    for cell, text in ((row["student"], student), (row["warnings"], warning)):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cell.replace("'", "") == " ".join(text.split()).replace("'", "")
        assert "\n" not in cell


def test_csv_begins_with_the_mark_that_shows_spreadsheets_its_names() -> None:
    for text in (class_csv(COURSE, []), misconceptions_csv([])):
        assert text.encode().startswith(b"\xef\xbb\xbf")


def test_csv_says_when_it_came_and_who_the_student_is_and_who_handed_in_nothing() -> None:
    person = Listed("Ada Lovelace", ("12", "alov"), "ada@x.de", "A")
    came = ClassRow("ada", ADA, handed_in="2026-01-02 03:04", late=True, listed=person)
    absent = ClassRow("Bob", listed=Listed("Bob", ("13",)), remark="nothing was handed in")
    bob, ada = read(class_csv(COURSE, [came, absent]))
    assert (ada["name"], ada["id"], ada["email"], ada["section"]) == ("Ada Lovelace", "12", "ada@x.de", "A")
    assert (ada["handed_in"], ada["late"], ada["points"]) == ("2026-01-02 03:04", "late", "15")
    assert (bob["student"], bob["id"], bob["points"], bob["encoder_status"]) == ("Bob", "13", "", "")
    assert (bob["flags"], bob["late"]) == ("nothing was handed in", "")


def test_misconceptions_have_a_row_for_each_check_that_was_tried_and_failed() -> None:
    checks = (
        CheckResult("shape", True, 0.5, 0.5),
        CheckResult("relu", False, 0.25, 1.0, "encoder/no-hidden-activation", "=no\nReLU"),
        CheckResult("output", False, 0.0, 0.5),
    )
    encoder, decoder, *rest = PASSED
    tried = replace(encoder, status=Status.PARTIAL, checks=checks)
    untried = replace(decoder, status=Status.NOT_ATTEMPTED, checks=checks)
    ada = replace(ADA, exercises=(tried, untried, *rest))
    first, second = read(misconceptions_csv([ClassRow("ada", ada), ClassRow("bob")]))
    assert first == {
        "student": "ada", "exercise": "encoder", "check": "relu", "points": "0.25", "max_points": "1",
        "misconception": "encoder/no-hidden-activation", "message": "'=no ReLU",
    }  # fmt: skip
    assert (second["check"], second["misconception"], second["message"]) == ("output", "", "")


def test_csv_of_no_results_is_its_head() -> None:
    assert len(class_csv(COURSE, []).splitlines()) == 1


NAMES = ["ada", "a-very-long-name-of-a-student-with-three-parts", "学生の名前はとても長いのです", "[red]x[/red]", "[/]"]


def test_table_of_a_whole_class_fits_a_terminal() -> None:
    results = [replace(ADA, student=name) for name in NAMES]
    results += [
        with_statuses(replace(ADA, student=f"student-{status}"), *[status] * len(COURSE.keys)) for status in Status
    ]
    lines = shown(*results).splitlines()
    wide = shown(*results, width=200).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert len(lines) == len(results) + 1
    # Nothing but a long name is cut.
    assert [line[20:].split() for line in lines[-len(Status) :]] == [line[20:].split() for line in wide[-len(Status) :]]
    assert not any("…" in line[20:] for line in lines)


def test_table_shows_each_exercise_with_a_sign_of_its_status() -> None:
    [head, row] = shown(with_statuses(ADA, Status.REVIEW, Status.TIMEOUT, Status.NOT_ATTEMPTED)).splitlines()
    assert head.split() == ["Student", "Enc", "Dec", "Train", "VEnc", "KL", "TrVAE", "Interp", "Points"]
    assert row.split() == [
        "ada", "1.75", "?", "1.75", "◷", "1.75", "·", "3", "✓", "2", "✓", "2", "✓", "2", "✓", "14.25/15",
    ]  # fmt: skip


@pytest.mark.parametrize("status", Status)
def test_legend_explains_every_sign(status: Status) -> None:
    row = shown(with_statuses(ADA, status)).splitlines()[1]
    assert row.split()[2] in LEGEND.split()
    assert LOOKS[status].words


@pytest.mark.parametrize("name", ["[red]x[/red]", "[/]", "[link=x]y", ":smile:"])
def test_table_shows_names_as_they_are(name: str) -> None:
    assert shown(replace(ADA, student=name)).splitlines()[1].startswith(name)


def test_table_of_a_course_with_many_exercises_numbers_them() -> None:
    exercises = tuple(replace(COURSE.exercises[0], key=f"e{number}", short=f"Ex{number:02}") for number in range(12))
    course = replace(COURSE, exercises=exercises)
    results = tuple(replace(PASSED[0], key=exercise.key) for exercise in exercises)
    [head, row, *names] = shown(
        with_statuses(replace(ADA, student="a" * 30, exercises=results), Status.PARTIAL, Status.REVIEW), course=course
    ).splitlines()
    assert head.split() == ["Student", *map(str, range(1, 13)), "Points"]
    assert row.split()[1:] == ["◐", "?", *["✓"] * 10, "23.5/15"]
    assert max(map(len, (head, row, *names))) <= 80
    told = " ".join(names).split()
    assert list(zip(told[::2], told[1::2], strict=True)) == [(str(n + 1), f"Ex{n:02}") for n in range(12)]


@pytest.mark.parametrize("count", [1, 7, 8, 12, 20, 60])
@pytest.mark.parametrize("each", [2.0, 1.75, 10.75, 100.25])
def test_table_keeps_to_80_columns_and_never_cuts_points(count: int, each: float) -> None:
    exercises = tuple(
        replace(COURSE.exercises[0], key=f"e{number}", short=f"Exer{number:02}") for number in range(count)
    )
    judged = tuple(replace(PASSED[0], key=one.key, points=each, status=Status.PARTIAL) for one in exercises)
    long = replace(ADA, student="a" * 30, points=count * each, max_points=count * 101.75, exercises=judged)
    [head, row, *_] = lines = shown(long, course=replace(COURSE, exercises=exercises)).splitlines()
    assert max(map(len, lines)) <= 80
    assert row.split()[-1] == f"{points(count * each)}/{points(count * 101.75)}"
    assert row.split()[0].startswith("aaaaaa")
    assert "…" not in head
    in_full = row.split()[1:-1] == [points(each), "◐"] * count
    assert in_full or head.split()[1:-1] in ([str(number + 1) for number in range(count)], [])
    assert in_full or count > 6


def test_table_is_sorted_by_student() -> None:
    lines = shown(replace(ADA, student="b"), replace(ADA, student="a"), replace(ADA, student="c")).splitlines()
    assert [line.split()[0] for line in lines] == ["Student", "a", "b", "c"]


def test_table_and_summary_have_the_final_points() -> None:
    mark = replace(mark_of(ADA), overrides={"encoder": Override(0.5)}, penalty=3.0)
    final = [ClassRow("ada", ADA, mark=mark), ClassRow("bea", mark=Mark(None, 15.0, {"": Override(9.0)}))]
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(class_table(COURSE, to_show([*final, ClassRow("carl")], 10)))
    console.print(exercise_table(COURSE, final))
    assert isinstance(console.file, io.StringIO)
    _, ada, bea, _, encoder, *_ = (line.split() for line in console.file.getvalue().splitlines())
    assert (ada[:3], ada[-1], bea) == (["ada", "0.5", "✓"], "10.5/15", ["bea", "9/15"])
    assert encoder[1:4] == ["0.5", "of", "2"]
    assert next(distribution(final)) == "2 students, mean 9.75 of 15, median 9.75"


def test_table_of_very_many_shows_those_to_look_at_first() -> None:
    many = [replace(ADA, student=f"s{number:03}") for number in range(300)]
    many[250] = replace(many[250], flags=("look",))
    many[200] = with_statuses(many[200], Status.REVIEW)
    lines = shown(*many, most=10).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["s200", "s250", *(f"s{number:03}" for number in range(8))]
    assert len(shown(*many[:10], most=10).splitlines()) == 11


def test_the_classs_points_are_spread_out_in_a_few_lines() -> None:
    earned = with_points(0.0, 2.75, 3.0, 14.0, 15.0)
    assert list(distribution(earned)) == [
        "5 students, mean 6.95 of 15, median 3",
        "   0 to below 3  ██ 2",
        "   3 to below 6  █ 1",
        "   6 to below 9  0",
        "  9 to below 12  0",
        "       12 to 15  ██ 2",
    ]
    assert list(distribution(with_points(15.0))) == []
    assert max(map(len, distribution(earned * 200))) <= 80


@given(st.lists(st.floats(0, 15), min_size=2, max_size=60))
def test_everybody_is_in_one_line_of_the_distribution(earned: list[float]) -> None:
    lines = list(distribution(with_points(*earned)))
    assert sum(int(line.split()[-1]) for line in lines[1:]) == len(earned)


def test_each_exercise_has_its_mean_and_how_many_are_right() -> None:
    tried = with_statuses(ADA, Status.PARTIAL, Status.NOT_ATTEMPTED)
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(exercise_table(COURSE, [ClassRow(one.student, one) for one in (ADA, ADA, ADA, tried)]))
    assert isinstance(console.file, io.StringIO)
    lines = [line.split() for line in console.file.getvalue().splitlines()]
    assert lines[1] == ["Encoder", "1.94", "of", "2", "3", "(75%)", "0"]
    assert lines[2] == ["Decoder", "1.94", "of", "2", "3", "(75%)", "1"]
    assert lines[-1] == ["Interpolation", "2", "of", "2", "4", "(100%)", "0"]
    assert len(lines) == 1 + len(COURSE.keys)


def test_table_shows_no_control_characters() -> None:
    assert "\x1b" not in shown(replace(ADA, student="a\x1b[31mb\nc"))


def test_problems_name_who_could_not_be_read() -> None:
    untouched = tuple(replace(one, points=0.0, status=Status.NOT_ATTEMPTED) for one in PASSED)
    empty = replace(ADA, student="bea", exercises=untouched, warnings=("a cell stopped",))
    broken = replace(empty, student="carl", sandbox={"level": "best", "layers": {}}, warnings=("first", "not JSON"))
    assert problems([broken, empty, ADA]) == ["carl: not JSON"]
    assert problems([replace(broken, flags=("look at what was handed in",))]) == ["carl: not JSON"]


def test_problems_name_whose_notebook_to_look_at_with_the_first_reason() -> None:
    one = replace(ADA, student="bea", warnings=("a cell stopped",), flags=("look at the `kl` cell",))
    two = replace(ADA, student="b\x1b[0m", flags=("look at a", "look at b"), warnings=("last",))
    assert problems([one, ADA, two]) == [
        "b: for review: look at a (and more in the result)", "bea: for review: look at the `kl` cell",
    ]  # fmt: skip


def test_problems_of_many_do_not_flood_the_terminal() -> None:
    many = [replace(ADA, student=f"s{number:03}", flags=("look",)) for number in range(300)]
    lines = problems(many)
    assert len(lines) == 21
    assert lines[-1] == "and 280 more with something to look at: `notebook` in class.csv's column `review`"
    assert len(problems(many[:20])) == 20


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (2.0, "2"), (10.0, "10"), (100.0, "100"), (1.5, "1.5"), (0.25, "0.25"), (1.004, "1"), (0.1, "0.1")],
)
def test_points_are_as_short_as_they_go(value: float, text: str) -> None:
    assert points(value) == text


@given(st.integers(0, 10_000))
def test_points_lose_nothing_of_a_hundredth(hundredths: int) -> None:
    assert float(points(hundredths / 100)) == hundredths / 100
    assert not points(hundredths / 100).endswith(".")


class Reader(HTMLParser):
    """What a browser would make of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag + "".join(f" {name}" for name, _ in attrs))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.tags.append(f"declaration {decl}")


@given(st.text(st.sampled_from("`<>&\"'/!-= abc"), max_size=30) | st.text())
def test_marked_text_is_the_text_with_code_and_no_other_tags(text: str) -> None:
    reader = Reader(str(marked(text)))
    assert reader.tags == ["code", "/code"] * (len(reader.tags) // 2)
    assert reader.text.replace("`", "") == shown_plainly(text).replace("`", "")


def test_what_cannot_be_seen_is_spelt_out() -> None:
    assert marked("a\u202eb\x1b\n`c`") == "a⟨202E⟩b⟨1B⟩\n<code>c</code>"


def test_marked_text_has_code_where_the_backticks_were() -> None:
    assert marked("use `x < 1`, not `y`") == "use <code>x &lt; 1</code>, not <code>y</code>"
    assert marked("a ` b") == "a ` b"
