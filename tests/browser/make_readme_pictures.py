"""README's pictures of the notebook and of a card.

``PYTHONPATH=tests .venv/bin/python tests/browser/make_readme_pictures.py`` makes them anew.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from chromium import opened_browser
from hour import SLIPS, wrong_text
from lab_page import LabPage, jupyterlab
from PIL import Image
from proof.checkout import checkout

_PICTURES = "docs/pictures"
_COLORS = 64  # enough for text and lines, at a third of the size


def make() -> None:
    """Open the notebook at the first exercise, as it was handed out; then make a slip and check."""
    pictures = checkout() / _PICTURES
    pictures.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, opened_browser() as browser:
        student = Path(folder, "student")
        student.mkdir()
        shutil.copy(checkout() / "notebooks/autoencoders/autoencoders.ipynb", student)
        with jupyterlab(student, Path(folder, "settings")) as address:
            lab = LabPage(browser.new_page(viewport={"width": 1000, "height": 860}), address, "autoencoders.ipynb")
            lab.run("imports")
            lab.show_top("exercise-1")
            _keep(lab.page.screenshot, pictures / "notebook.png")
            lab.write("encoder", wrong_text(SLIPS[0]))
            lab.run("encoder")
            lab.run("test-encoder")
            lab.mark("test-encoder")
            card = lab.page.locator("[data-looked-at] .jp-OutputArea-output [role=group]")
            _keep(card.screenshot, pictures / "card.png")


def _keep(screenshot: Any, path: Path) -> None:
    screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    make()
