"""Feedback pages and the class report in a browser: nothing of a student's runs, all is accessible, and it is quick."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hostile import HOST, SHOWN, filled
from proof.checkout import checkout
from report_class import with_mistakes
from results_folder import COURSE

from autograder.course.picture import draw
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_report import class_report
from autograder.reports.class_results import ClassResults
from autograder.reports.class_students import Names
from autograder.reports.evidence import Evidence
from autograder.reports.feedback_page import feedback_page
from autograder.reports.marks import Mark

pytestmark = pytest.mark.browser

MISTAKES = ("kl/detached", "encoder/no-hidden-activation", "train/halved", "interpolate/first-missing", "decoder/-")
CELL = "class VariationalEncoder(nn.Module):\n    def forward(self, x):\n        self.kl = kl.item()\n"
VIEWS = [(1280, "light"), (390, "dark")]


def class_of(number: int) -> ClassResults:
    rows = []
    for n in range(number):
        result = with_mistakes(f"student-{n:04}", *(one for k, one in enumerate(MISTAKES) if n % (k + 2) == 0))
        mark = Mark({one.key: one.points for one in result.exercises}, result.max_points)
        rows.append(ClassRow(result.student, result, late=n % 9 == 0, file=result.student, mark=mark))
    return ClassResults(Path(), tuple(rows))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``student.html``, ``class.html``, and both of a student whose every text is hostile."""
    folder = tmp_path_factory.mktemp("pages")
    graded = class_of(40)
    evidence = Evidence("what was handed in", {"variational_encoder": CELL})
    drawn = {
        "kl": draw("along-sigma", places=[0.1, 1.0, 2.0], yours=[-0.5, 0.0, 1.5], asked=[1.8, 0.0, 0.8]),
        "interpolate": draw("walk", along=[0.1, 0.5, 1.0], across=[0.0, 0.3, 0.0]),
    }
    (folder / "student.html").write_text(feedback_page(COURSE, graded.students[0], replace(evidence, pictures=drawn)))
    every = {row.file: evidence for row in graded.students}
    (folder / "class.html").write_text(class_report(COURSE, graded, every, class_of(40), Names.SHOWN))
    attacks = "\n".join(filled(name, text) for name, text in SHOWN.items())
    result = with_mistakes(
        filled("name", SHOWN["error"]), *MISTAKES, said=filled("said", SHOWN["error"]), flags=[attacks]
    )
    row = ClassRow(result.student, replace(result, warnings=(attacks, SHOWN["svg"])), file="hostile")
    hostile = Evidence("what was handed in", {"variational_encoder": f"{attacks}\nself.kl = '{attacks}'"})
    (folder / "hostile-student.html").write_text(feedback_page(COURSE, row, hostile))
    own = ClassResults(folder, (row,))
    (folder / "hostile-class.html").write_text(class_report(COURSE, own, {"hostile": hostile}, own, Names.SHOWN))
    return folder


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Opens a page, and gives it with what it asked for from elsewhere and what went wrong in it."""
    contexts = []

    def open_(path: Path, width: int = 1280, scheme: str = "light") -> tuple[Any, list[str], list[str]]:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        return page, asked, wrong

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("name", "title"), [("student", "Feedback"), ("class", "Class report")])
def test_nothing_of_a_students_runs(pages: Path, opened: Any, name: str, title: str) -> None:
    page, asked, wrong = opened(pages / f"hostile-{name}.html")
    page.wait_for_timeout(200)
    assert page.title() == f"{title}: {COURSE.title}"
    assert (len(asked), wrong) == (1, [])
    assert HOST in page.content()


def test_a_feedback_pages_policy_alone_stops_a_script(pages: Path, opened: Any, tmp_path: Path) -> None:
    """The first wall taken down, the escaping: the second, the policy, holds alone; without both the script runs."""
    html = (pages / "student.html").read_text().replace("<main>", "<main><script>document.title='won'</script>")
    (tmp_path / "walled.html").write_text(html)
    assert opened(tmp_path / "walled.html")[0].title() == f"Feedback: {COURSE.title}"
    (tmp_path / "open.html").write_text(html.replace("Content-Security-Policy", "Nothing"))
    assert opened(tmp_path / "open.html")[0].title() == "won"


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
@pytest.mark.parametrize("name", ["student", "class"])
def test_pages_are_accessible_and_as_wide_as_the_window(
    pages: Path, opened: Any, name: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, _, wrong = opened(pages / f"{name}.html", width, scheme)
    folder = checkout() / "build/screenshots/reports"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == []


def test_the_report_has_its_plots_and_filters_by_mistake(pages: Path, opened: Any) -> None:
    page, _, _ = opened(pages / "class.html")
    for plot in ("points", "mistakes", "exercises", "since"):
        assert page.locator(f"#plot-{plot} svg[role=img][aria-label]").count() >= 1, plot
    page.select_option("#which-mistake", "Training loss: Half of the loss")
    assert "1 to 10 of 10 students" in page.inner_text("#table")
    page.select_option("#which-look", "late")
    assert "of 2 students" in page.inner_text("#table")


def test_numbers_sort_as_numbers_and_names_lead_to_pages(pages: Path, opened: Any) -> None:
    page, _, _ = opened(pages / "class.html")
    points = page.get_by_role("button", name="Points")
    for way, order in (("ascending", sorted), ("descending", lambda found: sorted(found, reverse=True))):
        points.click()
        page.locator(f"#students th[aria-sort={way}]").wait_for()
        found = [float(cell) for cell in page.locator("#students tbody td:nth-child(2)").all_inner_texts()]
        assert found == order(found)
        assert len(set(found)) > 1
    assert page.locator("#students tbody a").count() == 25


def test_what_was_seen_is_drawn_as_wide_as_its_place(pages: Path, opened: Any) -> None:
    for width in (1280, 390):
        page, _, _ = opened(pages / "student.html", width)
        charts = page.get_by_role("img", name=re.compile("^(3 latents|Two curves)"))
        assert charts.count() == 2
        for chart in charts.all():
            assert 200 < chart.bounding_box()["width"] <= width


def test_printed_it_has_every_student(pages: Path, opened: Any) -> None:
    page, _, _ = opened(pages / "class.html")
    assert page.locator("#students tbody tr").count() == 25
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#students tbody tr").count() == 40


def test_two_thousand_students_open_and_filter_without_lag(opened: Any, tmp_path: Path) -> None:
    html = class_report(COURSE, class_of(2000), {}, None, Names.SHOWN)
    (tmp_path / "report.html").write_text(html)
    begun = time.monotonic()
    page, _, _ = opened(tmp_path / "report.html")
    page.wait_for_selector("html.drawn")
    assert time.monotonic() - begun < 6
    seconds = page.evaluate(
        """() => {
            const begun = performance.now();
            const which = document.getElementById("which-mistake");
            which.value = "KL divergence: Gradient cut off";
            which.dispatchEvent(new Event("change"));
            document.body.getBoundingClientRect();
            return (performance.now() - begun) / 1000;
        }"""
    )
    assert "of 1,000 students" in page.inner_text("#table")
    assert seconds < 0.5
