"""A student's feedback page: what stands on it, in which order, and what never does."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hostile import HOST, SHOWN, filled
from report_class import with_mistakes
from results_folder import COURSE, full_marks

from autograder.course.picture import Picture, draw
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.evidence import Evidence
from autograder.reports.feedback_page import feedback_page
from autograder.reports.marks import WHOLE, Mark, Override
from autograder.reports.result import Result

KL_CELL = """class VariationalEncoder(nn.Module):
    def forward(self, x):
        mu = self.linear2(x)
        self.kl = ((sigma**2 + mu**2 - 1) / 2).sum().item()
        return mu
"""
SAFE = {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "figure", "figcaption"}
SAFE |= {"div", "p", "h1", "h2", "ul", "li", "bdi", "span", "strong", "i", "code", "pre", "table", "tr", "td", "a"}


class Seen(HTMLParser):
    """What a browser would make of a page: its elements, its addresses and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.marked: list[str] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        self._inside = [dict(attrs).get("class") or tag]

    def handle_data(self, data: str) -> None:
        if self._inside != ["style"]:
            self.text += data


def page(result: Result, cells: dict[str, str] | None = None, **known: object) -> str:
    row = replace(ClassRow(result.student, result, file="f"), **known)  # type: ignore[arg-type]
    return feedback_page(COURSE, row, Evidence(result.digest, cells or {}))


def drawn(result: Result, picture: Picture | None = None) -> str:
    evidence = Evidence(result.digest, {}, {"interpolate": picture} if picture else {})
    return feedback_page(COURSE, ClassRow(result.student, result, file="f"), evidence)


def test_what_was_seen_is_drawn_beside_the_message_and_told_to_those_who_do_not_see_it() -> None:
    walk = draw("walk", along=[0.0, 0.5, 0.75], across=[0.0, 0.0, 0.0])
    wrong = with_mistakes("ada", "interpolate/last-missing")
    html = drawn(wrong, walk)
    assert re.search(r'<svg class="chart"[^>]* role="img" aria-label="3 latents: [^"]*the last at 0\.75', html)
    assert Seen(html).elements - SAFE == {"svg", "g", "path", "polyline", "circle", "text"}
    assert html.count('role="img"') == page(wrong).count('role="img"') + 1
    for other in (with_mistakes("ada", "interpolate/-"), full_marks("ada")):
        assert "3 latents" not in drawn(other, walk)


@pytest.mark.parametrize(
    "kept",
    [draw("another", along=[0.0]), draw("walk", along=[0.0]), draw("walk", along=[0.0], across=[1.0])],
    ids=["unknown", "a part of it", "one place"],
)
def test_a_picture_of_another_version_leaves_the_page_as_it_was(kept: Picture) -> None:
    wrong = with_mistakes("ada", "interpolate/last-missing")
    assert drawn(wrong, kept) == drawn(wrong)


def test_what_is_right_comes_first_then_what_is_not_and_what_was_not_tried() -> None:
    text = Seen(page(with_mistakes("ada", "kl/detached", "train/-"))).text
    places = [
        text.index(words) for words in ("What is right", "What to look at", "no gradient reaches", "Not attempted")
    ]
    assert places == sorted(places)
    assert 'check("kl", seed=1)' in text
    assert "11 of 15 points" in text


def test_the_line_that_a_check_is_about_is_marked_in_the_students_own_cell() -> None:
    html = page(with_mistakes("ada", "kl/detached"), {"variational_encoder": KL_CELL})
    [marked] = re.findall(r'<span class="l about">(.*?)\n</span>', html)
    assert "self.kl = ((sigma**2" in re.sub("<[^>]*>", "", marked)


def test_a_line_that_a_message_names_is_marked_alone_and_only_where_it_is_that_line() -> None:
    said = "Your code stops: ValueError. Line {}: `mu = self.linear2(x)`"
    html = page(with_mistakes("ada", "kl/raised", said=said.format(3)), {"variational_encoder": KL_CELL})
    [marked] = re.findall(r'<span class="l stopped">(.*?)\n</span>', html)
    assert "mu = self.linear2(x)" in re.sub("<[^>]*>", "", marked)
    elsewhere = page(with_mistakes("ada", "kl/raised", said=said.format(2)), {"variational_encoder": KL_CELL})
    assert "l stopped" not in elsewhere


def test_nothing_is_shown_of_a_cell_that_is_all_right() -> None:
    assert 'class="cell"' not in page(full_marks("ada"), {"encoder": "class Encoder: pass"})


def test_nothing_for_the_instructor_and_no_place_on_the_machine_stands_on_it() -> None:
    result = with_mistakes("ada", "kl/detached", flags=["look for code that changes the grader"])
    html = page(replace(result, source="/home/uni/submitted/ada/x.ipynb"))
    assert "look for code" not in html
    assert "/home/uni" not in html
    assert COURSE.exercise("kl").misconception("detached").explanation not in html


def test_an_instructors_points_and_a_penalty_are_said_to_be_that() -> None:
    result = with_mistakes("ada", "kl/detached")
    automatic = {one.key: one.points for one in result.exercises}
    mark = Mark(automatic, 15.0, {"kl": Override(1.5, "the idea is <b>right</b>")}, penalty=2.0)
    text = Seen(page(result, mark=mark, late=True)).text
    assert "Your instructor gives 1.5 of 2 points here: the idea is <b>right</b>" in text
    assert "2 points are taken off because this came late" in text
    assert f"{13 + 1.5 - 2:g} of 15 points" in text
    whole = Seen(page(result, mark=Mark(automatic, 15.0, {WHOLE: Override(9.0)}))).text
    assert "Your instructor has set this mark" in whole
    assert "9 of 15 points" in whole


def test_a_notebook_that_could_not_be_read_is_said_once() -> None:
    nothing = tuple(
        ExerciseResult(one.key, one.title, 0.0, one.max_points, Status.NOT_ATTEMPTED, ()) for one in COURSE.exercises
    )
    result = replace(full_marks("ada"), points=0.0, exercises=nothing, sandbox={}, warnings=("x.ipynb is not JSON",))
    text = Seen(page(result)).text
    assert text.count("x.ipynb is not JSON") == 1
    assert "What to look at" not in text
    assert "not attempted yet" not in text
    assert "hand it in once more" in text


@pytest.mark.parametrize(("status", "is_final"), [(Status.REVIEW, False), (Status.FAILED, True)])
def test_points_that_a_person_has_to_look_at_are_said_to_be_not_final(status: Status, is_final: bool) -> None:
    assert ("Not final: your instructor looks at KL divergence before" not in page(judged_as(status))) is is_final


def test_lines_are_pointed_to_but_for_code_that_took_too_long() -> None:
    cell = {"variational_encoder": KL_CELL}
    assert "The marked lines are those" in page(judged_as(Status.FAILED), cell)
    assert "The marked lines are those" not in page(judged_as(Status.TIMEOUT), cell)


def judged_as(status: Status) -> Result:
    result = with_mistakes("ada", "kl/detached")
    exercises = tuple(replace(one, status=status) if one.key == "kl" else one for one in result.exercises)
    return replace(result, exercises=exercises)


ODD = {
    **SHOWN,
    "ansi": "\x1b]8;;javascript:x\x1b\\link",
    "turned": "\u202egnp.x\u2066",
    "half": "\ud800",
    "long": "x" * 10**7,
}


@pytest.mark.parametrize("name", sorted(ODD))
def test_nothing_of_a_students_is_more_than_text(name: str) -> None:
    text = filled(name, ODD[name])
    result = with_mistakes(text[:4000], "kl/detached", said=text)
    result = replace(result, warnings=(text,), notebook=text[:4000])
    html = page(result, {"variational_encoder": f"# {text[: 1 << 19]}\nself.kl = '''{text[: 1 << 19]}'''"})
    seen = Seen(html)
    assert seen.elements <= SAFE
    assert not [one for one in seen.attributes if one.startswith("on")]
    assert all(one.startswith("#") for one in seen.addresses)
    assert html.count("<title>") == 1
    assert HOST not in "".join(seen.addresses)
    assert not set(html) & {"\x1b", "\u202e", "\u2066", "\ud800"}
    assert len(html) < 400_000
