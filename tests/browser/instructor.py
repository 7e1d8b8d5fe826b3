"""What an instructor opens: formgrader for a course, and a page in it, with an eye on all that the page does."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from courses import Place
from hostile import HOST
from proof.checkout import checkout

PICTURES = checkout() / "build" / "screenshots" / "hostile"
# What nbgrader's own pages load from elsewhere.
_TEMPLATES = {"cdnjs.cloudflare.com"}
_IN_CELLS = "document.querySelectorAll('.rendered_html a, .rendered_html area, .rendered_html button')"


@dataclass
class Seen:
    """What a page did while it was open.

    Attributes:
        title: its title at the end.
        ran: the payloads that asked for their address.
        changes: what it asked the server for in order to change something, or in secret.
        hosts: the other hosts that it asked for something.
        dialogs: what it asked the person.
        links: where the links in its cells lead.
        text: what it says.
    """

    title: str = ""
    ran: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    text: str = ""


def watched(page: Any, address: str) -> Seen:
    """Note what a page does from now on; nothing outside the server is reached."""
    seen = Seen()

    def note(route: Any) -> None:
        method, url = route.request.method, route.request.url
        if url.startswith((address, "file:")):
            path = url.removeprefix(address)
            if method not in ("GET", "HEAD") or path.startswith("/api/contents"):
                seen.changes.add(f"{method} {path.split('?')[0].rsplit('/', 1)[0]}")
            route.continue_()
            return
        host, _, rest = url.partition("://")[2].partition("/")
        seen.hosts |= {host} - _TEMPLATES
        seen.ran |= {rest} if host == HOST else set()
        route.abort()

    def dismiss(dialog: Any) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.route("**/*", note)
    page.on("dialog", dismiss)
    return seen


def opened(browser: Any, address: str, url: str, picture: str) -> Seen:
    """What a page did while it was open, and when everything in its cells that is no plain link had been clicked."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    seen = watched(page, address)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(2000)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / picture, full_page=True)
    seen.title = page.title()
    seen.text = page.inner_text("body")
    seen.links = page.evaluate(f"() => [...{_IN_CELLS}].map(one => String(one.href?.baseVal ?? one.href ?? ''))")
    click = f"number => {_IN_CELLS}[number].dispatchEvent(new MouseEvent('click', {{bubbles: true}}))"
    for number, to in enumerate(seen.links):
        if not to or "script:" in to:
            page.evaluate(click, number)
            page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    page.close()
    return seen


def autograde(browser: Any, address: str, student: str) -> Seen:
    """Press formgrader's button for a student, and wait for the end."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    seen = watched(page, address)
    page.goto(f"{address}/formgrader/manage_submissions/autoencoders")
    row = page.locator("tr", has=page.locator("td.student-id", has_text=student))
    row.locator("td.autograde a").click()
    page.get_by_text(f"Successfully autograded 'autoencoders' for student '{student}'").wait_for(timeout=300_000)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "manage-submissions.png")
    seen.title = page.title()
    page.close()
    return seen


def kernels(browser: Any, address: str) -> int:
    """How many kernels run on the server."""
    page = browser.new_page()
    page.goto(f"{address}/formgrader/manage_assignments")
    count: int = page.evaluate("async () => (await (await fetch('/api/kernels')).json()).length")
    page.close()
    return count


def submission_in_formgrader(place: Place, student: str) -> str:
    """The name that formgrader's pages have for a student's notebook."""
    question = """
        select submitted_notebook.id from submitted_notebook
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        where submitted_assignment.student_id = ?"""
    [name] = _asked(place, question, student)
    return str(name)


def manual_scores(place: Place, student: str) -> list[float | None]:
    """The points that a person has given in formgrader."""
    question = """
        select grade.manual_score from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        where submitted_assignment.student_id = ?"""
    return _asked(place, question, student)


def feedback_page(place: Place, student: str) -> Path:
    """A student's feedback page."""
    return place.course / "feedback" / student / "autoencoders" / "autoencoders.html"


def _asked(place: Place, question: str, student: str) -> list[Any]:
    connection = sqlite3.connect(place.course / "gradebook.db")
    try:
        return [row[0] for row in connection.execute(question, [student])]
    finally:
        connection.close()
