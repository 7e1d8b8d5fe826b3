"""One student's hour in a real browser, walked once; the tests look at what was seen on the way.

The pictures are kept in ``build/screenshots``: look at ``contact-sheet-light.png`` and ``contact-sheet-dark.png``.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from proof.checkout import checkout

_NEEDED = "needs Playwright (`make test-browser` installs it)"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NO_BROWSER = "no Chromium: `apt install chromium`, or `.venv/bin/python -m playwright install chromium`"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason=_NEEDED)
    pytest.importorskip("axe_playwright_python", reason=_NEEDED)
    with playwright.sync_playwright() as started:
        own = Path(started.chromium.executable_path)
        found = next((path for name in _BROWSERS if (path := shutil.which(name))), str(own) if own.exists() else None)
        if found is None:
            pytest.skip(_NO_BROWSER)
        opened = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


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
