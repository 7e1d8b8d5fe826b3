"""A class in which nearly everybody has handed in something odd: one command grades it all and loses nobody."""

import csv
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from graded import SANDBOX
from odd_submissions import stub
from submissions import code, right, save

NAME = "autoencoders.ipynb"
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]

# What each student earns, and what an instructor reads of it in class.csv.
EXPECTED = {
    "ada": (15, ""),
    "Ada": (15, ""),
    "Smith, J.": (15, ""),
    "a:b": (15, ""),
    "=SUM(A1)": (15, ""),
    "Bea Müller": (15, ""),
    "browser": (15, ""),
    "unzipped-twice": (15, ""),
    "zip": (15, ""),
    "evil": (0, "hw.zip holds names that lead out of it"),
    "broken-zip": (0, "hw.zip is broken"),
    "script": (0, "only solution.py"),
    "nothing": (0, "the folder is empty"),
    "not-json": (0, "is not valid JSON"),
    "folder": (0, "autoencoders.ipynb is a folder"),
    "only-hidden": (0, "only .ipynb_checkpoints"),
    "quarto": (0, "is a Markdown file"),
    "Zoë 👩‍🎓": (15, ""),
    "x" * 240: (15, ""),
    "another": (0, "is it the notebook of another assignment?"),
    "copy": (0, "autoencoders-Copy1.ipynb has 6 exercises begun"),
    "untitled": (15, "Untitled1.ipynb counts, and not Untitled.ipynb"),
}


def zip_file(path: Path, name: str) -> None:
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, json.dumps(right()))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("odd")
    home = folder / "class"
    for student in ("ada", "Ada", "Smith, J.", "a:b", "=SUM(A1)", "Zoë 👩‍🎓", "x" * 240):
        save(right(), home / student / "autoencoders" / NAME)
    save(right(), home / "Bea Müller_12345_assignsubmission_file_" / "mine.IPYNB")
    save(right(), home / "browser" / "autoencoders.ipynb.json")
    save(right(), home / "unzipped-twice" / "autoencoders" / "autoencoders" / NAME)
    zip_file(home / "zip" / "hw.zip", f"hw/{NAME}")
    zip_file(home / "evil" / "hw.zip", f"../{NAME}")
    (home / "nothing").mkdir()
    (home / "folder" / NAME).mkdir(parents=True)
    save(right(), home / "only-hidden" / ".ipynb_checkpoints" / "autoencoders-checkpoint.ipynb")
    (home / "quarto").mkdir()
    (home / "quarto" / NAME).write_text("---\ntitle: VAE\n---\n```{python}\nclass Encoder: ...\n```\n")
    for name, text in {"broken-zip/hw.zip": "PK", "script/solution.py": "x = 1", f"not-json/{NAME}": "{"}.items():
        (home / name).parent.mkdir()
        (home / name).write_text(text)
    save({"cells": [code("1", "ps2", solution=True)]}, home / "another" / "ps2" / "ps2.ipynb")
    save(stub(), home / "copy" / NAME)
    save(right(), home / "copy" / "autoencoders-Copy1.ipynb")
    save(stub(), home / "untitled" / "Untitled.ipynb")
    save(right(), home / "untitled" / "Untitled1.ipynb")
    done = subprocess.run(
        [*COMMAND, "grade", "class", "--results", "results", "--sandbox", SANDBOX],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=500,
    )
    return folder, done


def test_nobody_stops_the_class(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = run
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_everybody_has_a_result_and_a_row_that_says_what_was_found(
    run: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = run
    results = [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "results").glob("*.json")]
    assert {one["student"]: one["points"] for one in results} == {
        name: points for name, (points, _) in EXPECTED.items()
    }
    with (folder / "results" / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"].lstrip("'"): row for row in csv.DictReader(file)}
    assert rows.keys() == EXPECTED.keys()
    for student, (_, said) in EXPECTED.items():
        assert said in rows[student]["warnings"] + rows[student]["flags"], student
        assert bool(rows[student]["flags"]) == bool(said), student


def test_what_concerns_one_of_them_is_said(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = run
    for student, (_, said) in EXPECTED.items():
        if said:
            assert any(line.startswith(f"{student}: ") and said in line for line in done.stdout.splitlines()), student
