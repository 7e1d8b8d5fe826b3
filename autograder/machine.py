"""What this machine has and what is missing, for a person to read."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from autograder.course.course import Course
from autograder.engine.identity import grader_digest, grader_version, installed
from autograder.engine.interpreter import ENVIRONMENT, PYTHON

_PACKAGES = ("torch", "torchvision", "numpy", "matplotlib", "jupyterlab", "nbgrader", "safetensors", "pydantic")
_TRIAL_SECONDS = 300.0


@dataclass(frozen=True)
class Fact:
    """One thing looked at: whether it is well, needs a look, or is missing, and what to do."""

    name: str
    state: Literal["ok", "note", "missing"]
    text: str


def versions(course: Course) -> Iterator[Fact]:
    """The versions of what is used."""
    yield Fact("autograder", "ok", f"{grader_version()}, digest {grader_digest(course)[:12]}")
    fine = sys.version_info >= (3, 11)
    needed = "" if fine else "; 3.11 is needed"
    yield Fact("python", "ok" if fine else "missing", platform.python_version() + needed)
    for package in _PACKAGES:
        found = installed(package)
        if found == "missing":
            yield Fact(package, "missing", f"not installed: pip install {package}")
        else:
            yield Fact(package, "ok", found)


def files(course: Course) -> Iterator[Fact]:
    """Where the files that a course counts on lie."""
    for name, find in course.files.items():
        try:
            yield Fact(name, "ok", str(find()))
        except FileNotFoundError as error:
            yield Fact(name, "missing", str(error))


def devices() -> Iterator[Fact]:
    """What torch can compute on, and whether torchvision works beside it."""
    import torch

    from autograder.instruments.torchvision_operators import make_importable

    if torch.cuda.is_available():
        yield Fact("cuda", "ok", f"{torch.cuda.get_device_name(0)}, CUDA {torch.version.cuda}")
    else:
        yield Fact("cuda", "note", "none; everything works on the CPU")
    yield Fact("processors", "ok", f"{os.cpu_count()} cores, {torch.get_num_threads()} threads for torch")
    try:
        make_importable()
        import torchvision

        yield Fact("torchvision", "ok", f"imports, version {torchvision.__version__}")
    except (ImportError, RuntimeError, OSError) as error:
        yield Fact("torchvision", "missing", f"does not import: {error}")


def refused_calls(course: Course) -> Iterator[Fact]:
    """Whether training, plotting and saving a model as an honest student does is refused a system call."""
    command = (*PYTHON, "-m", "autograder.engine.worker.trial", course.key)
    try:
        ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True, timeout=_TRIAL_SECONDS)
        refused: list[str] = json.loads(ran.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        yield Fact("sandbox trial", "note", f"an honest program could not be tried: {error}"[:200])
        return
    tried = "training and plotting, as students do, is refused"
    if refused:
        yield Fact("sandbox trial", "note", f"{tried} {', '.join(refused)}: please report it")
    else:
        yield Fact("sandbox trial", "ok", f"{tried} no system call")
