"""``autograder doctor``: what this machine has, what is missing, and how to get it."""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer
from rich.table import Table
from rich.text import Text

from autograder.bundled import bundled
from autograder.cli.terminal import out
from autograder.engine.fleet import Fleet
from autograder.engine.identity import SALT_FILE, Salt, grader_digest, grader_version, installed, read_salt
from autograder.engine.levels import REQUIRED, Level, is_on
from autograder.engine.options import Options
from autograder.errors import AutograderError
from autograder.reading.released import ASSIGNMENT, NOTEBOOK

_PACKAGES = ("torch", "torchvision", "numpy", "matplotlib", "jupyterlab", "nbgrader", "safetensors", "pydantic")


@dataclass(frozen=True)
class Line:
    """One thing looked at: whether it is well, needs a look, or is missing, and what to do."""

    name: str
    state: Literal["ok", "note", "missing"]
    text: str


def doctor() -> None:
    """Say what this machine has and what is missing; status 1 when something needed is missing."""
    lines = [*_versions(), *_files(), *_torch(), *_sandbox()]
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    for line in lines:
        sign, style = {"ok": ("✓", "green"), "note": ("!", "yellow"), "missing": ("✗", "red")}[line.state]
        table.add_row(Text(sign, style=style), line.name, Text(line.text))
    out().print(table)
    if any(line.state == "missing" for line in lines):
        raise typer.Exit(1)


def _versions() -> Iterator[Line]:
    yield Line("autograder", "ok", f"{grader_version()}, digest {grader_digest()[:12]}")
    fine = sys.version_info >= (3, 11)
    needed = "" if fine else "; 3.11 is needed"
    yield Line("python", "ok" if fine else "missing", platform.python_version() + needed)
    for package in _PACKAGES:
        found = installed(package)
        if found == "missing":
            yield Line(package, "missing", f"not installed: pip install {package}")
        else:
            yield Line(package, "ok", found)


def _files() -> Iterator[Line]:
    for name, relative in (("notebook", f"notebooks/{ASSIGNMENT}/{NOTEBOOK}"), ("digits", "data/mnist-10k")):
        try:
            yield Line(name, "ok", str(bundled(relative)))
        except FileNotFoundError as error:
            yield Line(name, "missing", str(error))
    if read_salt(Path.cwd()).secret:
        yield Line("salt", "ok", f"{SALT_FILE} in this folder")
    else:
        yield Line("salt", "note", f"no {SALT_FILE} in this folder: grading here uses the public salt")


def _torch() -> Iterator[Line]:
    import torch

    if torch.cuda.is_available():
        yield Line("cuda", "ok", f"{torch.cuda.get_device_name(0)}, CUDA {torch.version.cuda}")
    else:
        yield Line("cuda", "note", "none; everything works on the CPU")
    yield Line("processors", "ok", f"{os.cpu_count()} cores, {torch.get_num_threads()} threads for torch")
    try:
        from autograder.datasets import MNIST

        yield Line("torchvision", "ok", f"imports; {MNIST.__name__} is ready")
    except (ImportError, RuntimeError, OSError) as error:
        yield Line("torchvision", "missing", f"does not import: {error}")


def _sandbox() -> Iterator[Line]:
    try:
        with Fleet() as fleet, fleet.worker(Options(Level.BEST, "cpu", 60.0, 4096, Salt("", True))) as worker:
            layers = worker.entered.layers
    except AutograderError as error:
        yield Line("worker", "missing", str(error))
        return
    for name, report in layers.items():
        if is_on(report):
            yield Line(f"sandbox {name}", "ok", report)
        else:
            needed = "; `autograder grade` needs it or `--sandbox best`" if name in REQUIRED else ""
            yield Line(f"sandbox {name}", "note", report + needed)
