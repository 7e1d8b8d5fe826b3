"""One submission full of attacks, opened by its instructor in formgrader and as a feedback page: nothing of it runs.

``control`` is the same submission, graded with the walls taken down: there the attacks run, so these tests can fail.
Look at the pictures in ``build/screenshots/hostile``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from courses import Place, new_place
from hostile import ATTACHED, BREAKING, CLICKED, HOST, SHOWN, hostile
from submissions import right, save

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

FORMGRADER = '--ServerApp.jpserver_extensions={"nbgrader.server_extensions.formgrader": True}'
SETTINGS = """
c.Grade.sandbox = "best"
c.Exchange.root = {exchange!r}
"""
# nbgrader with the walls taken down: texts as the student wrote them, pages without a policy.
UNWALLED = """
import sys
from autograder.nbgrader import feedback_page, rebuild
rebuild._shown = lambda cell, _given, _texts: {key: part for key, part in cell.items() if key != "attachments" or part}
feedback_page._guarded = lambda page: page
from nbgrader.apps.nbgraderapp import NbGraderApp
sys.exit(NbGraderApp.launch_instance(sys.argv[1:]))
"""
A_NAME = "<img src=x onerror=document.title='won'>"
# Payloads that fetch something and run nothing: a policy for scripts does not stop these.
ONLY_FETCH = {name for name in SHOWN if name.startswith(("foreign-", "style-", "link-"))} | {"object"}
# Those that run in today's Chromium, once nbconvert has written the page; the others are kept for other browsers.
RUNS = {
    "script", "script-in-a-table", "script-in-a-heading", "script-behind-math", "error", "error-with-entities", "svg",
    "details", "body", "input", "foreign-image", "style-address", "style-sheet", "mermaid", "conditional-comment",
    "score-field", "out-of-the-cell", "released-text", "javascript", "javascript-entity", "javascript-by-reference",
    "javascript-newline",
}  # fmt: skip


def unwalled(place: Place, *arguments: str) -> None:
    done = place.run("course", "-c", UNWALLED, *arguments)
    assert done.status == 0, done.log[-3000:]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A course with the hostile submission, to be graded in formgrader, and its control, graded without the walls."""
    place = new_place(tmp_path_factory.mktemp("hostile"))
    config = place.course / "nbgrader_config.py"
    config.write_text(config.read_text() + SETTINGS.format(exchange=str(place.root / "exchange")))
    (place.course / "autograder.salt").write_text("a line of random text")
    save(hostile({**SHOWN, **CLICKED, **BREAKING}), place.submitted("hostile"))
    save(hostile({**SHOWN, **CLICKED}), place.submitted("control"))
    save(right(), place.submitted(A_NAME))
    for student in ("hostile", "control"):
        beside = place.submitted(student).with_name("evil.html")
        beside.write_text(f"<script src='http://{HOST}/evil-html'></script>")
    place.nbgrader("course", "generate_assignment", "autoencoders", "--force")
    unwalled(place, "autograde", "autoencoders", "--student=control")
    return place


@pytest.fixture(scope="module")
def address(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Formgrader, for the course."""
    from lab_page import jupyterlab

    with jupyterlab(place.course, tmp_path_factory.mktemp("settings"), FORMGRADER) as address:
        yield address


@pytest.fixture(scope="module")
def pressed(browser: Any, address: str) -> Any:
    """What the list of submissions did while the hostile one was graded."""
    from instructor import autograde

    return autograde(browser, address, "hostile")


@pytest.fixture(scope="module")
def in_formgrader(place: Place, address: str, browser: Any, pressed: Any) -> Any:
    """What the page for grading the hostile submission did."""
    from instructor import opened, submission_in_formgrader

    del pressed  # graded before
    url = f"{address}/formgrader/submissions/{submission_in_formgrader(place, 'hostile')}/"
    return opened(browser, address, url, "formgrader.png")


def test_nothing_runs_where_submissions_are_listed_and_graded(pressed: Any) -> None:
    assert (pressed.ran, pressed.hosts, pressed.dialogs) == (set(), set(), [])
    assert "won" not in pressed.title


def test_nothing_runs_in_formgrader(place: Place, address: str, browser: Any, in_formgrader: Any) -> None:
    from instructor import kernels, manual_scores

    seen = in_formgrader
    assert (seen.ran, seen.hosts, seen.dialogs, seen.changes) == (set(), set(), [], set())
    assert seen.title == "autoencoders"
    assert set(manual_scores(place, "hostile")) == {None}
    assert kernels(browser, address) == 0


def test_links_lead_elsewhere_or_to_a_place_on_the_page(address: str, in_formgrader: Any) -> None:
    for link in in_formgrader.links:
        assert link == "" or link.startswith(("http:", "https:", "mailto:")), link
        assert not link.startswith(address) or "#" in link, link
        assert "formgrader" not in link.partition("#")[0] or link.startswith(address), link


def test_what_is_honest_is_shown(in_formgrader: Any) -> None:
    said = "Honest: bold, H2O, <script> in code, a < b, a link."
    assert said in " ".join(in_formgrader.text.split())


def test_every_attack_has_a_place_in_the_notebook(in_formgrader: Any) -> None:
    assert in_formgrader.text.count("What was handed in is unchanged.") + in_formgrader.text.count(
        "This text is shown here as it was written."
    ) >= len(SHOWN) + len(CLICKED) + len(BREAKING) + len(ATTACHED)


def test_the_points_are_those_of_the_code_and_the_file_is_as_it_was(place: Place, in_formgrader: Any) -> None:
    del in_formgrader  # graded by then
    assert place.exported()["hostile"] == 15.0
    assert HOST in place.submitted("hostile").read_text()


@pytest.fixture(scope="module")
def pages(place: Place, pressed: Any) -> dict[str, Path]:
    """Feedback pages: the hostile one, its control, and the control with no wall but the page's policy."""
    from instructor import feedback_page

    del pressed  # graded before
    made = {}
    unwalled(place, "generate_feedback", "autoencoders", "--student=control")
    made["control"] = feedback_page(place, "control").rename(place.root / "control.html")
    place.nbgrader("course", "generate_feedback", "autoencoders", "--student=control", "--force")
    made["policy"] = feedback_page(place, "control")
    place.nbgrader("course", "generate_feedback", "autoencoders", "--student=hostile")
    made["hostile"] = feedback_page(place, "hostile")
    return made


def test_nothing_runs_on_a_feedback_page(pages: dict[str, Path], browser: Any, address: str) -> None:
    from instructor import opened

    seen = opened(browser, address, pages["hostile"].as_uri(), "feedback.png")
    assert (seen.ran, seen.hosts, seen.dialogs, seen.changes) == (set(), set(), [], set())
    assert seen.title == "autoencoders"
    assert "Encoder" in seen.text


def test_a_feedback_pages_policy_alone_stops_every_script(pages: dict[str, Path], browser: Any, address: str) -> None:
    from instructor import opened

    without = opened(browser, address, pages["control"].as_uri(), "feedback-control.png")
    assert without.ran >= RUNS - {"released-text"}
    alone = opened(browser, address, pages["policy"].as_uri(), "feedback-policy.png")
    assert alone.ran <= ONLY_FETCH
    assert alone.title == "autoencoders"


def test_without_the_walls_the_attacks_run(place: Place, address: str, browser: Any, in_formgrader: Any) -> None:
    from instructor import kernels, manual_scores, opened, submission_in_formgrader

    del in_formgrader  # opened before, with no kernel running
    url = f"{address}/formgrader/submissions/{submission_in_formgrader(place, 'control')}/"
    seen = opened(browser, address, url, "formgrader-control.png")
    assert seen.ran >= RUNS
    assert seen.title.startswith("won")
    assert {"GET /api/contents", "POST /api", "PUT /formgrader/api/grade"} <= seen.changes
    assert manual_scores(place, "control") == [2.0, 2.0, 2.0, 3.0, 2.0, 2.0, 2.0]
    assert kernels(browser, address) == 1
