"""``autograder build`` in a copy of the course."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from submissions import ROOT

from autograder.reports import misconceptions_page as page

Run = Callable[..., Any]
NOTEBOOK = Path("notebooks") / "autoencoders" / "autoencoders.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for folder in ("solutions", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_a_notebook_that_has_drifted_is_shown_and_then_built(autograder: Run, course: Path) -> None:
    released = (course / NOTEBOOK).read_text(encoding="utf-8")
    line = "return z.reshape((-1, 1, 28, 28))"
    assert line in released
    drifted = released.replace(line, "return z  # [bold]mine[/bold]")
    (course / NOTEBOOK).write_text(drifted, encoding="utf-8")

    ended = autograder("build", "--check")
    assert ended.status == 1
    assert "-        return z  # [bold]mine[/bold]" in ended.out.splitlines()
    assert f"+        {line}" in ended.out.splitlines()
    assert "run `autograder build`" in ended.complaint
    assert (course / NOTEBOOK).read_text(encoding="utf-8") == drifted

    ended = autograder("build")
    assert (ended.status, ended.out) == (0, f"wrote {NOTEBOOK}\n")
    assert (course / NOTEBOOK).read_text(encoding="utf-8") == released

    ended = autograder("build", "--check")
    assert (ended.status, ended.out) == (0, "notebooks/ is what solutions/ makes\n")
    assert autograder("build").out == "notebooks/ was up to date\n"


def test_the_page_of_misconceptions_is_made_in_the_checkout_only(
    autograder: Run, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = course / page.PAGE
    autograder("build")
    assert not path.exists()

    monkeypatch.setattr(page, "_CHECKOUT", course)
    ended = autograder("build", "--check")
    assert ended.status == 1
    assert "+# Misconceptions" in ended.out.splitlines()
    assert ended.complaint.endswith(
        f"{page.PAGE} is not what the exercises' texts make; run `autograder build` and commit the result"
    )
    assert not path.exists()

    ended = autograder("build")
    assert (ended.status, ended.out) == (0, f"wrote {page.PAGE}\nnotebooks/ was up to date\n")
    assert path.read_text(encoding="utf-8") == (ROOT / page.PAGE).read_text(encoding="utf-8")

    path.write_text(path.read_text(encoding="utf-8").replace("hint 2", "hint 4", 1), encoding="utf-8")
    (course / NOTEBOOK).write_text("{}", encoding="utf-8")
    complaint = autograder("build", "--check").complaint
    assert "notebooks/ is not what solutions/ makes and docs/misconceptions.md is not" in complaint
    autograder("build")
    assert autograder("build", "--check").status == 0
    assert autograder("build").out == "notebooks/ was up to date\n"


def test_a_configuration_that_cannot_be_run_is_told_without_a_traceback(autograder: Run, course: Path) -> None:
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.root = rot\n", encoding="utf-8")
    ended = autograder("build")
    assert ended.status == 2
    assert "nbgrader_config.py cannot be run: NameError: name 'rot' is not defined" in ended.err


def test_a_notebook_that_nbgrader_refuses_is_told_without_a_traceback(autograder: Run, course: Path) -> None:
    path = course / "solutions" / "autoencoders" / "autoencoders.ipynb"
    path.write_text("{", encoding="utf-8")
    before = (course / NOTEBOOK).read_bytes()
    ended = autograder("build")
    assert ended.status == 2
    assert "nbgrader cannot generate autoencoders" in ended.err
    assert "NotJSONError: Notebook does not appear to be JSON" in ended.err
    assert (course / NOTEBOOK).read_bytes() == before
