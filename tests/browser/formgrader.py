"""Formgrader as an instructor uses it: the buttons of its lists, and the boxes of a submission."""

import re
from pathlib import Path
from typing import Any

from courses import Place
from proof.checkout import checkout

OPTION = '--ServerApp.jpserver_extensions={"nbgrader.server_extensions.formgrader": True}'
PICTURES = checkout() / "build" / "screenshots" / "nbgrader"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
_MOST_MILLISECONDS = 300_000
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class Formgrader:
    """Its pages, one after the other."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self._pages = f"{address}/formgrader"
        PICTURES.mkdir(parents=True, exist_ok=True)

    def press(self, column: str) -> str:
        """Press a button of the assignment's row; what the dialog says then."""
        self.page.goto(f"{self._pages}/manage_assignments")
        return self._pressed(self.page.locator("tr", has=self.page.locator("td.name", has_text="autoencoders")), column)

    def press_for(self, student: str, column: str) -> str:
        """Press a button of a student's row; what the dialog says then."""
        self.page.goto(f"{self._pages}/manage_submissions/autoencoders")
        return self._pressed(
            self.page.locator(
                "tr", has=self.page.locator("td.student-id", has_text=re.compile(rf"^\s*{re.escape(student)}\s*$"))
            ),
            column,
        )

    def _pressed(self, row: Any, column: str) -> str:
        row.locator(f"td.{column} a").click()
        dialog = self.page.locator(".modal.in .modal-body")
        dialog.wait_for(timeout=_MOST_MILLISECONDS)
        self.picture(f"after-{column}")
        return str(dialog.locator("p").first.inner_text())

    def submissions(self) -> dict[str, str]:
        """What the list of submissions says of each student."""
        self.page.goto(f"{self._pages}/manage_submissions/autoencoders")
        self.page.locator("td.student-id").first.wait_for()
        self.picture("submissions")
        rows = self.page.locator("tr", has=self.page.locator("td.student-id")).all()
        return {row.locator("td.student-id").inner_text(): row.locator("td.status").inner_text() for row in rows}

    def open(self, submission: str) -> None:
        """Open a submission, to give points by hand."""
        self.page.goto(f"{self._pages}/submissions/{submission}/")
        self.page.locator("input.score").first.wait_for()
        self.page.wait_for_timeout(1000)  # its boxes are filled by requests of their own

    def type(self, box: str, text: str) -> None:
        """Type into one of the submission's boxes, by its id, and leave it, which saves."""
        with self.page.expect_response(lambda response: response.request.method == "PUT"):
            self.page.fill(f"#{box}", text)
            self.page.locator(f"#{box}").blur()

    def reads(self, box: str) -> str:
        """What stands in one of the submission's boxes."""
        return str(self.page.input_value(f"#{box}"))

    def picture(self, name: str) -> None:
        """Keep what the page looks like."""
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def feedback(browser: Any, page: Path, size: str) -> str:
    """What a feedback page says at a size of the window, where nothing has to be scrolled sideways."""
    opened = browser.new_page(viewport=SIZES[size])
    opened.goto(page.as_uri())
    opened.screenshot(path=PICTURES / f"feedback-{size}.png", full_page=True)
    assert not opened.evaluate(_WIDER), "the page is wider than the window"
    text = str(opened.inner_text("body"))
    opened.close()
    return text


# As on JupyterHub, where the system knows everybody by one name and the hub by another.
_ON_A_HUB = """
import os, sys
from nbgrader import utils
utils.get_osusername = lambda: "jovyan"
os.environ["JUPYTERHUB_USER"] = sys.argv.pop(1)
from nbgrader.apps.nbgraderapp import NbGraderApp
sys.exit(NbGraderApp.launch_instance(sys.argv[1:]))
"""


def as_student(place: Place, student: str, *arguments: str) -> None:
    """Run one of nbgrader's commands in a student's own folder."""
    done = place.run(student, "-c", _ON_A_HUB, student, *arguments, "--course=autoencoders")
    assert done.status == 0, done.log[-3000:]
