"""Cards in pages that are not JupyterLab: under VS Code's colours, and where a page has no colours to follow."""

from typing import Any

import pytest
from answers import judge_source
from ids import readable_answers
from proof.checkout import checkout

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.drills import drills_of
from autograder.course.lessons import lesson_of
from autograder.notebook import boxes
from autograder.reports import card
from autograder.reports.card import Card

pytestmark = pytest.mark.browser

# What VS Code lends to a notebook's outputs (its theme-color reference), with the values of its two default themes.
VSCODE = """
body { background: var(--vscode-editor-background); color: var(--vscode-editor-foreground) }
code { background: var(--vscode-textPreformat-background); color: var(--vscode-textPreformat-foreground) }
"""
PAGES = {
    "plain": "",
    "dark": "body { background: #202124; color: #e8eaed }",
    "vscode-light": """:root { --vscode-editor-background: #ffffff; --vscode-editor-foreground: #3b3b3b;
        --vscode-textPreformat-background: #0000001f; --vscode-textPreformat-foreground: #3b3b3b;
        --vscode-textLink-foreground: #005fb8; --vscode-widget-border: #e5e5e5 }"""
    + VSCODE,
    "vscode-dark": """:root { --vscode-editor-background: #1f1f1f; --vscode-editor-foreground: #cccccc;
        --vscode-textPreformat-background: #3c3c3c; --vscode-textPreformat-foreground: #d0d0d0;
        --vscode-textLink-foreground: #4daafc; --vscode-widget-border: #313131 }"""
    + VSCODE,
}


@pytest.fixture(scope="module")
def cards() -> str:
    """One card of each kind."""
    known = AUTOENCODERS.exercise("encoder")
    by_name = {answer.name: answer for answer in readable_answers() if answer.exercise == "encoder"}
    results = [
        judge_source("encoder", by_name[name].source, seed=1) for name in ("as in the notebook", "no hidden activation")
    ]
    drill, lesson = drills_of(AUTOENCODERS, known)[0], lesson_of(AUTOENCODERS, known)
    assert lesson is not None
    tried = [boxes.drill_html(known, drill, letter, 1) for letter in (None, *drill.options)]
    facts = boxes.facts_html("torch  2").replace("<details", "<details open")
    shown = [
        *(card.html(Card(known, result, has_drill=True, ways=lesson.ways)) for result in results),
        boxes.hint_html(known, 3, lesson.example),
        *tried,
        boxes.progress_html(results, ("Encoder: NameError in line 2",)),
        facts,
    ]
    return "\n".join(shown)


@pytest.mark.parametrize("page", PAGES)
def test_cards_can_be_read(browser: Any, cards: str, page: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = browser.new_page(viewport={"width": 800, "height": 1800})
    opened.set_content(f"<html lang=en><title>{page}</title><style>{PAGES[page]}</style><main>{cards}</main></html>")
    folder = checkout() / "build/screenshots/front-ends"
    folder.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=folder / f"{page}.png", full_page=True)
    found = Axe().run(opened, context={"include": [["main"]]}).response["violations"]
    opened.close()
    assert [(one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"]) for one in found] == []
