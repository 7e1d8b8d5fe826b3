"""One student's hour in a real browser, walked once; the tests look at what was seen on the way.

The pictures are kept in ``build/screenshots``: look at ``contact-sheet-light.png`` and ``contact-sheet-dark.png``.
"""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import opened_browser
from proof.checkout import checkout


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def walk(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from lab_page import LabPage, jupyterlab
    from walk import walk_the_hour

    folder = tmp_path_factory.mktemp("student")
    shutil.copy(checkout() / "notebooks/autoencoders/autoencoders.ipynb", folder)
    with jupyterlab(folder, tmp_path_factory.mktemp("settings")) as address:
        page = browser.new_page(viewport={"width": 1120, "height": 960})
        lab = LabPage(page, address, "autoencoders.ipynb")
        return walk_the_hour(lab, checkout() / "build/screenshots")
