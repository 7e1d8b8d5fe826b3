"""A Chromium, wherever it is installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_NEEDED = "needs Playwright (`make test-browser` installs it)"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NO_BROWSER = "no Chromium: `apt install chromium`, or `.venv/bin/python -m playwright install chromium`"


@contextmanager
def opened_browser() -> Iterator[Any]:
    """A Chromium, for as long as it is needed; skips the test where there is none."""
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
