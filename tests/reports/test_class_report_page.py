"""The class report: who has which mistake, what is unusual, and what is left out of it without names."""

import hashlib
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from report_class import with_mistakes
from results_folder import COURSE, full_marks

from autograder.reports.class_csv import ClassRow
from autograder.reports.class_findings import mistakes, together, unusual
from autograder.reports.class_report import class_report
from autograder.reports.class_results import ClassResults
from autograder.reports.class_students import Names
from autograder.reports.evidence import Evidence
from autograder.reports.marks import Override, mark_of
from autograder.reports.result import Result
from autograder.reports.typical_line import typical_line
from autograder.submissions.class_list import Listed

DETACHED = "self.kl = kl.item()"


def graded(*rows: ClassRow) -> ClassResults:
    return ClassResults(Path(), rows)


def rows(*results: Result) -> tuple[ClassRow, ...]:
    return tuple(ClassRow(one.student, one, file=one.student) for one in results)


def page(*results: Result, names: Names = Names.SHOWN, earlier: ClassResults | None = None, **cells: str) -> str:
    evidence = {
        student: Evidence("what was handed in", {"variational_encoder": text}) for student, text in cells.items()
    }
    return class_report(COURSE, graded(*rows(*results)), evidence, earlier, names)


def words(html: str) -> str:
    body = html.partition("<body>")[2].partition("<script")[0]
    return " ".join(re.sub("<[^>]*>", " ", body).split())


def test_mistakes_are_ranked_by_students_and_only_named_where_they_are_the_cause() -> None:
    found = mistakes(COURSE, [with_mistakes(one, "kl/detached") for one in "abc"] + [with_mistakes("d", "train/-")])
    assert [(one.name, one.students, one.tried) for one in found] == [("kl/detached", ("a", "b", "c"), 4)]
    two = mistakes(
        COURSE, [with_mistakes("a", "kl/factor", "encoder/no-hidden-activation"), with_mistakes("b", "kl/factor")]
    )
    assert [one.name for one in two] == ["kl/factor", "encoder/no-hidden-activation"]
    assert two[0].share == 1.0


def test_what_one_mistake_in_three_is_and_an_exercise_that_nobody_tries_are_unusual() -> None:
    many = [with_mistakes(f"s{n}", *(["kl/detached"] if n < 5 else []), "interpolate/-") for n in range(12)]
    said = unusual(COURSE, many, mistakes(COURSE, many))
    assert any("KL divergence: Gradient cut off (5 of the 12 who tried)" in line for line in said)
    assert any("Interpolation: nobody has tried it" in line for line in said)
    few = [with_mistakes(f"s{n}", *(["kl/detached"] if n < 3 else [])) for n in range(12)]
    assert not any("cut off" in line for line in unusual(COURSE, few, mistakes(COURSE, few)))


def test_failures_that_are_all_of_the_graders_surroundings_are_said_to_be_no_mistake() -> None:
    lacking = [with_mistakes(f"s{n}", *(["encoder/grader-lacks"] if n < 6 else [])) for n in range(9)]
    said = unusual(COURSE, lacking, mistakes(COURSE, lacking))
    assert any("6 do not pass" in line and "surroundings" in line for line in said)
    assert not any("was taught" in line for line in said)


def test_pairs_are_those_that_go_together_more_often_than_chance_has_it() -> None:
    class_ = [with_mistakes(f"b{n}", "kl/detached", "train/halved") for n in range(4)]
    class_ += [with_mistakes(f"c{n}", "encoder/no-hidden-activation") for n in range(4)]
    class_ += [full_marks(f"d{n}") for n in range(12)]
    [pair] = together(mistakes(COURSE, class_), len(class_))
    assert ({pair.first.name, pair.second.name}, pair.both, pair.expected) == ({"kl/detached", "train/halved"}, 4, 0.8)


def test_the_typical_line_is_one_that_others_have_not() -> None:
    [one] = mistakes(COURSE, [with_mistakes(one, "kl/detached") for one in "abc"])
    lines = {"a": ["kl = 1", DETACHED], "b": ["kl = 1", DETACHED], "c": ["kl = 1"], "d": ["kl = 1"]}
    assert typical_line(one, lines, ["d"], ()) == DETACHED
    assert typical_line(one, {"a": ["kl = 1"], "d": ["kl = 1"]}, ["d"], ()) == ""
    assert typical_line(one, lines, ["d"], ["x = y"]) == "x = y"


def test_a_line_that_others_have_too_but_for_names_of_layers_shows_no_mistake() -> None:
    [one] = mistakes(COURSE, [with_mistakes("a", "encoder/no-hidden-activation")])
    lines = {"a": ["return self.fc2(x)"], "d": ["return self.linear2(x)"], "e": ["return self.net(x)"]}
    assert typical_line(one, lines, "de", ()) == ""
    assert (
        typical_line(one, lines | {"a": ["return self.fc2(self.fc1(x))"]}, "de", ()) == "return self.fc2(self.fc1(x))"
    )


def test_what_is_missing_from_a_cell_is_shown_by_no_line_of_it() -> None:
    html = page(with_mistakes("ada", "kl/detached"), ada="x = F.relu(self.linear1(x))")
    assert "KL divergence: Gradient cut off" in html
    assert "A line of theirs" not in html


def test_the_page_says_what_is_behind_a_mistake_shows_a_line_and_who_has_it() -> None:
    html = page(with_mistakes("ada", "kl/detached"), full_marks("bea"), ada=f"if x:\n    {DETACHED}  # ada's")
    text = words(html)
    assert COURSE.exercise("kl").misconception("detached").explanation[:40] in text
    assert COURSE.exercise("kl").misconception("detached").in_class[-40:] in text
    assert f"<pre>{DETACHED}</pre>" in html
    assert '<a href="feedback/ada.html"><bdi>ada</bdi></a>' in html


def test_without_names_there_is_neither_a_name_nor_a_flag_nor_a_page_nor_a_time() -> None:
    flagged = with_mistakes("ada lovelace", "kl/detached", flags=["handed in: ada lovelace's other file"])
    own = replace(rows(flagged)[0], handed_in="2026-01-02", listed=Listed("Ada King", ("0815",), "ada@x.de", "B"))
    both = graded(own, ClassRow("Bob Absent", listed=Listed("Bob Absent"), remark="nothing was handed in"))
    open_, hidden = (class_report(COURSE, both, {}, None, names) for names in (Names.SHOWN, Names.HIDDEN))
    for words_ in ("ada lovelace", "Ada King", "0815", "2026-01-02", "Bob Absent", "other file", "feedback/"):
        assert words_ in open_
        assert words_ not in hidden
    assert "student 1" in hidden
    assert "KL divergence: Gradient cut off" in words(hidden)


def test_two_hand_ins_are_laid_beside_each_other_student_by_student() -> None:
    earlier = graded(*rows(with_mistakes("a", "kl/detached"), with_mistakes("b", "kl/detached"), full_marks("gone")))
    text = words(page(full_marks("a"), with_mistakes("b", "kl/detached"), full_marks("new"), earlier=earlier))
    assert "2 students are in both: 13 points on average before, 14 now. 1 have more points" in text
    assert "KL divergence 0 (0 %) 1 (50 %)" in text
    assert "KL divergence: Gradient cut off 2 1 0" in text


def test_points_everywhere_are_the_final_ones() -> None:
    """The grader gives 13 of 15; the instructor gives the exercise 1.5 more, and being late costs 4."""
    result = with_mistakes("ada", "kl/detached")
    mark = replace(mark_of(result), overrides={"kl": Override(1.5)}, penalty=4.0)
    class_ = graded(ClassRow("ada", result, mark=mark), ClassRow("bea", full_marks("bea"), file="bea"))
    html = class_report(COURSE, class_, {}, graded(*rows(result, full_marks("bea"))), Names.SHOWN)
    data = json.loads(html.partition('id="data">')[2].partition("</script>")[0])
    assert data["points"] == [10.5, 15.0]
    ada = data["students"][0]
    assert ada[1] == ["10.5*", 10.5]
    assert ada[2 + COURSE.keys.index("kl")] == ["1.5* ✗", 1.5]
    assert "14 points on average before, 12.75 now. 0 have more points than before, 1 fewer" in words(html)
    assert "KL divergence 1.75 of 2" in words(html)


def test_a_class_of_nobody_has_a_page() -> None:
    absent = graded(ClassRow("Bob", remark="nothing was handed in"))
    assert "Nobody has made a mistake" in words(class_report(COURSE, absent, {}, None, Names.SHOWN))


def test_no_text_of_a_students_ends_the_script_that_holds_the_plots_numbers() -> None:
    evil = "</script><script>document.title='won'</script><img src=x onerror=won>"
    html = page(with_mistakes(evil, "kl/detached", said=evil, flags=[evil]), **{evil: f"kl = '{evil}'"})
    assert html.count("<script") == page(with_mistakes("ada", "kl/detached")).count("<script")
    assert "<img" not in html.partition("<script")[0]
    assert "<script>document.title" not in html


def test_bundled_libraries_are_those_that_their_page_names() -> None:
    vendor = files("autograder.reports") / "vendor"
    table = (vendor / "README.md").read_text()
    bundled = [path for path in vendor.iterdir() if path.name.endswith(".js")]
    assert len(bundled) == 3
    for path in bundled:
        assert f"`{hashlib.sha256(path.read_bytes()).hexdigest()}`" in table, path.name
