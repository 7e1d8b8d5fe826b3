"""The page that a student gets back: on it the template's scripts run, and no others."""

import html
import re
from typing import Any

import pytest
from nbconvert.preprocessors import Preprocessor
from nbformat import v4
from traitlets.config import Config

from autograder.nbgrader.feedback_page import FeedbackPage

HOSTILE = v4.new_notebook(
    cells=[
        v4.new_markdown_cell(
            "<script type='text/x-mathjax-config'>hostile()</script>\n\n<script>hostile()</script> said"
        )
    ]
)


NBGRADER = {"grade": True, "solution": False, "locked": True, "schema_version": 3}


def page(test_cell: str) -> str:
    """The page of a notebook with a test cell of this name."""
    test = v4.new_code_cell(metadata={"nbgrader": {**NBGRADER, "grade_id": test_cell}})
    exporter = FeedbackPage(template_name="classic")
    return exporter.from_notebook_node(v4.new_notebook(cells=[*HOSTILE.cells, test]), {})[0]


def policy(text: str) -> dict[str, set[str]]:
    found = re.search(r'<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert found is not None
    parts = (part.split() for part in html.unescape(found[1]).split(";"))
    return {name: set(values) for name, *values in parts}


def test_the_policy_comes_first_and_allows_the_templates_scripts() -> None:
    allowed = policy(page("test_encoder"))
    assert "https://cdnjs.cloudflare.com" in allowed["script-src"]
    assert "'unsafe-inline'" not in allowed["script-src"]
    assert all(allowed[name] == {"'none'"} for name in ("object-src", "base-uri", "form-action"))


def test_every_script_of_the_head_that_a_browser_runs_is_allowed_by_its_hash() -> None:
    test = v4.new_code_cell(metadata={"nbgrader": {**NBGRADER, "grade_id": "test_encoder"}})
    own = FeedbackPage(template_name="lab").from_notebook_node(v4.new_notebook(cells=[test]), {})
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", own[0].partition("</head>")[0], re.DOTALL)
    inline = {text for attributes, text in scripts if "src=" not in attributes}
    assert len([one for one in policy(own[0])["script-src"] if one.startswith("'sha256-")]) == len(inline) > 0


def test_no_script_is_left_among_the_cells() -> None:
    text = page("test_encoder")
    assert "hostile()" not in text
    assert "said" in text
    assert "<script" in text.partition("</head>")[0]


def test_pages_of_other_assignments_are_nbconverts_own() -> None:
    text = page("test_of_another_course")
    assert "Content-Security-Policy" not in text
    assert "hostile()" in text


class Scores(Preprocessor):
    """In place of nbgrader's step that takes the scores from the gradebook."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        nb.cells[-1].metadata.nbgrader.update(score=self.config.Scores.given, points=2.0)
        return nb, resources


@pytest.mark.parametrize(("given", "says"), [(1.5, False), (2.0, True), (0.0, True)])
def test_a_card_whose_points_a_person_has_changed_says_so(given: float, says: bool) -> None:
    test = v4.new_code_cell(metadata={"nbgrader": {**NBGRADER, "grade_id": "test_encoder"}})
    test.outputs = [v4.new_output("execute_result", data={"text/plain": "1.5"})]
    exporter = FeedbackPage(template_name="classic", config=Config(Scores={"given": given}))
    exporter.register_preprocessor(Scores, enabled=True)
    text = exporter.from_notebook_node(v4.new_notebook(cells=[test]), {})[0]
    assert (f"your teacher has given {given:g} of 2 points here" in text) is says
    assert ("your teacher" in text) is says
