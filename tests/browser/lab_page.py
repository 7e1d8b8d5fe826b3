"""JupyterLab as a student uses it: a server for one folder, and a page on which a notebook is open."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

# The cell whose id is asked for, as JupyterLab keeps it.
_CELL = "window.jupyterapp.shell.currentWidget.content.widgets.find(w => w.model.id === id)"


@contextmanager
def jupyterlab(folder: Path, settings: Path, *more: str) -> Iterator[str]:
    """A server for a folder, started there, with more options; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _quiet(settings)
    places = ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
    # One thread: several are ten times slower where other tests keep the cores busy.
    alone = {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    surroundings = {**os.environ, **{place: str(settings / place) for place in places}, **alone}
    options = [f"--ServerApp.root_dir={folder}", f"--port={port}", "--IdentityProvider.token=", "--allow-root", *more]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser", *options]
    with (settings / "jupyterlab.log").open("w") as log:
        server = subprocess.Popen(command, env=surroundings, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        address = f"http://localhost:{port}"
        _wait_for(server, address)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _quiet(settings: Path) -> None:
    """No question about news, which would lie over the page."""
    plugin = settings / "JUPYTERLAB_SETTINGS_DIR" / "@jupyterlab" / "apputils-extension"
    plugin.mkdir(parents=True)
    (plugin / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False})
    )


def _wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(240):
        assert server.poll() is None, "JupyterLab did not start; jupyterlab.log says why"
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return
    raise AssertionError("JupyterLab does not answer")


class LabPage:
    """A page with an open notebook. Cells are named by their id in the file."""

    def __init__(self, page: Any, address: str, name: str) -> None:
        self.page = page
        self.theme = "light"
        page.goto(f"{address}/lab/tree/{name}?reset")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
        self._wait_until_idle()
        page.keyboard.press("Control+b")  # the file browser aside, as a student has it who reads

    def write(self, cell: str, text: str) -> None:
        """Type over everything that stands in a cell."""
        self._click_into(cell)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def run(self, cell: str, timeout: float = 300) -> "Outputs":
        """Run a cell and wait for its end."""
        self._click_into(cell)
        before = self._of(cell, ".model.executionCount")
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            f"([id, before]) => {{ const n = {_CELL}.model.executionCount; return n !== null && n !== before; }}",
            arg=[cell, before],
            timeout=1000 * timeout,
        )
        self._wait_until_idle()
        return self.outputs(cell)

    def save(self) -> None:
        """Save the notebook."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def restart_and_run_all(self, timeout: float = 600) -> None:
        """What a student does before handing in."""
        self.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        self.page.get_by_text("Restart Kernel and Run All Cells…", exact=True).click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        # Numbered from 1 without a gap: only a fresh kernel that has run every cell once shows that.
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.content.widgets"
            ".filter(w => w.model.type === 'code' && w.model.sharedModel.source.trim())"
            ".every((w, place) => w.model.executionCount === place + 1)",
            timeout=1000 * timeout,
        )
        self._wait_until_idle()

    def outputs(self, cell: str) -> "Outputs":
        """What stands under a cell."""
        self.show(cell)
        said = self._of(cell, ".node.querySelector('.jp-Cell-outputArea')?.innerText ?? ''")
        return Outputs(said, self._of(cell, ".model.outputs.toJSON()"))

    def all_outputs(self) -> dict[str, "Outputs"]:
        """What stands under every code cell."""
        ids = self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.widgets"
            ".filter(w => w.model.type === 'code').map(w => w.model.id)"
        )
        return {cell: self.outputs(cell) for cell in ids}

    def show(self, cell: str) -> None:
        """Scroll until a cell's end is in sight."""
        self._of(cell, ".node.scrollIntoView({block: 'end'})")
        self.page.wait_for_timeout(100)

    def show_top(self, cell: str) -> None:
        """Scroll until a cell's beginning is at the top."""
        self._of(cell, ".node.scrollIntoView({block: 'start'})")
        self.page.wait_for_timeout(400)

    def mark(self, cell: str) -> None:
        """Give one cell, and no other, the attribute ``data-looked-at``."""
        self.page.evaluate(
            "() => document.querySelectorAll('[data-looked-at]').forEach(n => n.removeAttribute('data-looked-at'))"
        )
        self._of(cell, ".node.setAttribute('data-looked-at', '')")

    def choose_theme(self, theme: str) -> None:
        """Choose ``light`` or ``dark``."""
        if theme == self.theme:
            return
        change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        self.page.evaluate(change, THEMES[theme])
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=THEMES[theme])
        self.page.wait_for_timeout(300)
        self.theme = theme

    def _click_into(self, cell: str) -> None:
        self.show(cell)
        node = self.page.evaluate_handle(f"id => {_CELL}.node", cell).as_element()
        node.wait_for_selector(".cm-content").click()

    def _of(self, cell: str, part: str) -> Any:
        return self.page.evaluate(f"id => {_CELL}{part}", cell)

    def _wait_until_idle(self) -> None:
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=120_000,
        )


class Outputs:
    """What stands under a cell: as a reader sees it, and what kinds of things are there."""

    def __init__(self, text: str, parts: list[dict[str, Any]]) -> None:
        self.text = text
        self.pictures = sum("image/png" in part.get("data", {}) for part in parts)
        self.error = next((f"{p['ename']}: {p['evalue']}" for p in parts if p["output_type"] == "error"), None)
        self.warned = "".join("".join(part["text"]) for part in parts if part.get("name") == "stderr")
