"""The page that a student gets back: on it the template's scripts run, and no others."""

import html
import re

import pytest
from nbformat import v4

from autograder.nbgrader.feedback_page import FeedbackPage

HOSTILE = v4.new_notebook(
    cells=[
        v4.new_markdown_cell(
            "<script type='text/x-mathjax-config'>hostile()</script>\n\n<script>hostile()</script> said"
        )
    ]
)


def page(assignment: str) -> str:
    exporter = FeedbackPage(template_name="classic")
    return exporter.from_notebook_node(HOSTILE, {"nbgrader": {"assignment": assignment}})[0]


def policy(text: str) -> dict[str, set[str]]:
    found = re.search(r'<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert found is not None
    parts = (part.split() for part in html.unescape(found[1]).split(";"))
    return {name: set(values) for name, *values in parts}


def test_the_policy_comes_first_and_allows_the_templates_scripts() -> None:
    allowed = policy(page("autoencoders"))
    assert "https://cdnjs.cloudflare.com" in allowed["script-src"]
    assert "'unsafe-inline'" not in allowed["script-src"]
    assert all(allowed[name] == {"'none'"} for name in ("object-src", "base-uri", "form-action"))


def test_every_script_of_the_head_that_a_browser_runs_is_allowed_by_its_hash() -> None:
    own = FeedbackPage(template_name="lab").from_notebook_node(
        v4.new_notebook(), {"nbgrader": {"assignment": "autoencoders"}}
    )
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", own[0].partition("</head>")[0], re.DOTALL)
    inline = {text for attributes, text in scripts if "src=" not in attributes}
    assert len([one for one in policy(own[0])["script-src"] if one.startswith("'sha256-")]) == len(inline) > 0


def test_no_script_is_left_among_the_cells() -> None:
    text = page("autoencoders")
    assert "hostile()" not in text
    assert "said" in text
    assert "<script" in text.partition("</head>")[0]


@pytest.mark.parametrize("assignment", ["ps2", ""])
def test_pages_of_other_assignments_are_nbconverts_own(assignment: str) -> None:
    assert "Content-Security-Policy" not in page(assignment)
    assert "hostile()" in page(assignment)
