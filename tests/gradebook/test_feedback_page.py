"""The page that a student gets back: on it the template's scripts run, and no others."""

import html
import re

from nbformat import v4

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
