#!/usr/bin/env python3
"""Grades the submission of a container of Gradescope's, which holds one.

It runs under the container's own Python, of any version; the grader has another, in ``source/venv``. What is printed
here only instructors see.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SANDBOX = "best"  # `strict` grades nothing where a layer is missing
ROOT = Path(os.environ.get("GRADESCOPE_ROOT", "/autograder"))
SOURCE = ROOT / "source"
NOT_GRADED = (
    "This submission could not be graded. The fault is not in your work, and these 0 points are no mark for it: "
    "please tell your instructor, who can see why and run the autograder again."
)
NO_NOTEBOOK = "No notebook (*.ipynb) is among the files that you have handed in, so there is nothing to grade."


class Fault(Exception):
    """The grader could not grade."""


def main() -> None:
    """Write ``results.json``, whatever happens; one that says so stands there in case this process is killed."""
    write(nothing(NOT_GRADED))
    try:
        if not any(map(may_be_graded, (ROOT / "submission").rglob("*"))):
            write(nothing(NO_NOTEBOOK))
            return
        with tempfile.TemporaryDirectory() as folder:
            result = graded(Path(folder))
    except Exception as error:  # a student must not be left with nothing
        say(f"not graded: {type(error).__name__}: {error}")
        return
    say("sandbox: " + in_force(result))
    write(result)


def nothing(why: str) -> "dict[str, Any]":
    """A result without points, and what the student reads of it."""
    return {"score": 0.0, "output": why, "output_format": "text", "visibility": "visible", "tests": []}


def may_be_graded(path: Path) -> bool:
    """Whether a file of the submission may be a notebook or hold one."""
    places = path.relative_to(ROOT / "submission").parts
    name = path.name.lower()
    return not any(place.startswith(".") for place in places) and (".ipynb" in name or name.endswith(".zip"))


def graded(folder: Path) -> "dict[str, Any]":
    """The result of the submission.

    Raises:
        Fault: there is none.
    """
    shutil.copytree(str(ROOT / "submission"), str(folder / "class" / "submission"), symlinks=True)
    [release] = (SOURCE / "release").iterdir()
    run(folder, "grade", "class", "--results=results", "--course", str(release), "--sandbox", SANDBOX, "--jobs=1")
    run(folder, "export", "results", "--to=gradescope", "--output=exported")
    path = folder / "exported" / "submission" / "results.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def run(folder: Path, *arguments: str) -> None:
    """Run a command of the grader's in a folder, its words going to the log."""
    command = SOURCE / "venv" / "bin" / "autograder"
    if not command.exists():
        raise Fault(f"{command} does not exist; setup.sh has not run to its end")
    ended = subprocess.run(
        [str(command), *arguments], cwd=str(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    say(ended.stdout.decode("utf-8", "replace").rstrip())
    if ended.returncode:
        raise Fault(f"autograder {arguments[0]} ended with status {ended.returncode}")


def in_force(result: "dict[str, Any]") -> str:
    """What the result says of the sandbox."""
    layers = result["extra_data"].get("sandbox", {}).get("layers", {})
    return ", ".join(f"{name} {state}" for name, state in layers.items()) or "no student code was run"


def write(result: "dict[str, Any]") -> None:
    """Write ``results.json`` in one step."""
    path = ROOT / "results" / "results.json"
    part = path.with_name(".results.json.part")
    part.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def say(line: str) -> None:
    """Say something to instructors."""
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
