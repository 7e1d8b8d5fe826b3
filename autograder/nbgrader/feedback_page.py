"""What writes feedback pages."""

import base64
import hashlib
import re
from copy import deepcopy
from html import escape
from typing import Any
from urllib.parse import urlsplit

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from autograder.course.cells import nbgrader_metadata
from autograder.course.installed import own_course
from autograder.nbgrader.outputs import FOR_INSTRUCTOR, given_by_hand, score_in
from autograder.nbgrader.released import tests_in

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_SOURCE = re.compile(r"\bsrc=\"(https?://[^\"]+)\"")
# nbgrader's template has pictures and tables as wide as they are, which is wider than a telephone.
_STYLE = """<style>
img, svg { max-width: 100%; height: auto; }
.rendered_html table, .jp-RenderedMarkdown table { display: block; max-width: 100%; overflow-x: auto; }
.rendered_html [role="group"] table { display: table; }
pre { overflow-x: auto; }
div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
@media (max-width: 600px) {
  body, .panel-body, .container, div#notebook-container { padding: 6px; }
  div.cell, div.output_area, div.output_subarea, div.text_cell_render { padding: 0; }
  .prompt { display: none; }
  div.input, div.inner_cell, div.input_area { display: block; width: 100%; }
}
</style>"""


class FeedbackPage(HTMLExporter):
    """nbconvert's exporter for pages, with a Content-Security-Policy: the template's scripts run and no others.

    What is in the notebook has been made safe before (see ``safe_text``); this is the second wall.
    """

    def from_notebook_node(  # type: ignore[override] # nbconvert's own signature differs as well
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Make the page."""
        if not tests_in(own_course(), nb.cells):
            return super().from_notebook_node(_for_students(nb), resources, **options)
        page, left = super().from_notebook_node(_for_students(nb), resources, **options)
        return _guarded(_with_titles(page)), left

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        # nbconvert's steps, among which nbgrader's takes the scores from the gradebook: only then are they known.
        made, resources = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]
        for cell in made.cells:
            if cell.cell_type == "code" and tests_in(own_course(), [cell]):
                _say_what_was_given(cell)
        return made, resources


def _for_students(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what stands in it for the instructor alone."""
    kept = deepcopy(notebook)
    for cell in kept.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if not one.get("metadata", {}).get(FOR_INSTRUCTOR)]
    return kept


def _say_what_was_given(cell: NotebookNode) -> None:
    """Say so where a person has changed the points of a test cell, lest its card contradicts the score above it."""
    given, found = nbgrader_metadata(cell).get("score"), score_in(cell.outputs)
    if given is not None and found is not None and given != found:
        cell.outputs.insert(0, given_by_hand(given, nbgrader_metadata(cell)["points"]))


def _with_titles(page: str) -> str:
    """The page, whose list of scores calls each exercise by its title, where nbgrader says "Test cell" of all."""
    for exercise in own_course().exercises:
        link = f'<a href="#{exercise.test_cell}">'
        page = page.replace(f"{link}Test cell</a>", f"{link}{escape(exercise.title)}</a>")
    return page


def _guarded(page: str) -> str:
    head, end, body = page.partition("</head>")
    policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(_policy(head))}">'
    # MathJax evaluates scripts of a type of its own, which a policy does not see.
    return head.replace("<head>", f"<head>\n{policy}", 1) + _STYLE + end + _SCRIPT.sub("", body)


def _policy(head: str) -> str:
    allowed = {"'unsafe-eval'"}  # MathJax asks for it
    for attributes, text in _SCRIPT.findall(head):
        if source := _SOURCE.search(attributes):
            address = urlsplit(source[1])
            allowed.add(f"{address.scheme}://{address.netloc}")
        elif text:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            allowed.add(f"'sha256-{digest}'")
    return f"script-src {' '.join(sorted(allowed))}; object-src 'none'; base-uri 'none'; form-action 'none'"
