"""``autograder export --to gradescope -o NAME.zip``: the zip, laid out and run as Gradescope does it."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from courses import ROOT, SAMPLES
from results_folder import full_marks, write_class
from submissions import code, save

from autograder.cli import gradescope_autograder
from autograder.course.installed import own_course
from autograder.engine.levels import REQUIRED
from autograder.nbgrader.course_folder import handed_out_in
from autograder.reports.class_csv import ClassRow
from autograder.reports.exports import own_wheel
from autograder.submissions.own_tests import own_tests

Run = Callable[..., Any]

WHEEL = "autoencoder_autograder-0.1.0-py3-none-any.whl"
NOBODY = 65534
COMMAND = ["export", "course", "--to", "gradescope", "-o", "autograder.zip"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """A course's folder, and something that is called like this package's wheel."""
    (tmp_path / "course").mkdir()
    shutil.copy(ROOT / "notebooks/autoencoders/autoencoders.ipynb", tmp_path / "course" / "week-3.ipynb")
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as wheel:
        wheel.writestr("autograder/__init__.py", "")
    return tmp_path


def unpacked(path: Path, root: Path) -> Path:
    """The folder that Gradescope makes of a zip: its `/autograder`, without a submission."""
    for name in ("source", "results", "submission"):
        (root / name).mkdir()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            place = Path(archive.extract(entry, root / "source"))
            place.chmod(stat.S_IMODE(entry.external_attr >> 16))
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    return root


def graded(root: Path, **how: Any) -> tuple[str, dict[str, Any]]:
    """What instructors see printed, and the result, of a run in such a folder."""
    environment = {"PATH": os.environ["PATH"], "GRADESCOPE_ROOT": str(root), "HOME": str(root / "source")}
    run = [str(root / "run_autograder")]
    ended = subprocess.run(run, cwd=root, env=environment, capture_output=True, text=True, check=False, **how)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Traceback" not in ended.stdout
    return ended.stdout, json.loads((root / "results" / "results.json").read_text("utf-8"))


def test_the_zip_has_both_programs_at_its_root_and_all_that_grading_needs(autograder: Run, folder: Path) -> None:
    (folder / "course" / "autograder.salt").write_text("nobody knows\n")
    ended = autograder(*COMMAND, "--wheel", WHEEL)
    assert ended.status == 0
    assert "holds the course's salt: it is for Gradescope, not for students" in ended.err
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        modes = {entry.filename: stat.filemode(entry.external_attr >> 16) for entry in archive.infolist()}
        assert archive.read("release/course/autograder.salt") == b"nobody knows\n"
        assert json.loads(archive.read("release/course/week-3.ipynb"))["cells"]
        pins = archive.read("torch.txt").decode().split()
    assert {name for name, mode in modes.items() if mode == "-rwxr-xr-x"} == {"setup.sh", "run_autograder"}
    assert WHEEL in modes
    assert [re.sub(r"==[\d.]+$", "", pin) for pin in pins] == ["torch", "torchvision"]  # no build's own version


def test_without_a_salt_it_says_so_and_brings_none(autograder: Run, folder: Path) -> None:
    ended = autograder(*COMMAND, "--wheel", WHEEL)
    assert "no autograder.salt in" in ended.err
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        assert not [name for name in archive.namelist() if "salt" in name]


def test_with_results_it_is_the_course_that_they_were_graded_by(autograder: Run, folder: Path) -> None:
    write_class(folder / "results", [ClassRow("ada", full_marks("ada"))])
    ended = autograder("export", "results", "--to", "gradescope", "-o", "autograder.zip", "--wheel", WHEEL)
    assert (ended.status, "autoencoders/autoencoders.ipynb" in ended.out) == (0, True)


@pytest.mark.parametrize("name", ["other-0.1.0-py3-none-any.whl", "autoencoder_autograder-0.1.0-py3-none-any.whl"])
def test_another_file_is_no_wheel(autograder: Run, folder: Path, name: str) -> None:
    (folder / name).write_text("no zip")
    ended = autograder(*COMMAND, "--wheel", name)
    assert (ended.status, (folder / "autograder.zip").exists()) == (2, False)
    assert f"--wheel {name}: there is no wheel of this package" in ended.complaint


def test_away_from_a_checkout_it_asks_for_the_wheel(
    autograder: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_wheel, "_CHECKOUT", folder)
    ended = autograder(*COMMAND)
    assert ended.status == 2
    assert "give the wheel that it came in, --wheel FILE" in ended.complaint


def test_where_nothing_can_be_graded_the_student_reads_why(autograder: Run, folder: Path) -> None:
    autograder(*COMMAND, "--wheel", WHEEL)
    root = unpacked(folder / "autograder.zip", folder)
    (root / "submission" / "work.ipynb").write_text("{}")
    said, result = graded(root)
    assert "setup.sh has not run to its end" in said
    assert (result["score"], result["tests"]) == (0.0, [])
    assert "The fault is not in your work" in result["output"]
    assert str(root) not in result["output"]


def test_who_hands_in_no_notebook_is_told_that(autograder: Run, folder: Path) -> None:
    autograder(*COMMAND, "--wheel", WHEEL)
    root = unpacked(folder / "autograder.zip", folder)
    (root / "submission" / ".ipynb_checkpoints").mkdir()
    for name in ("essay.pdf", ".ipynb_checkpoints/essay-checkpoint.ipynb"):
        (root / "submission" / name).write_text("{}")
    _, result = graded(root)
    assert (result["score"], result["tests"]) == (0.0, [])
    assert "No notebook (*.ipynb) is among the files" in result["output"]


def test_setup_is_a_script_that_bash_can_read(autograder: Run, folder: Path) -> None:
    autograder(*COMMAND, "--wheel", WHEEL)
    root = unpacked(folder / "autograder.zip", folder)
    subprocess.run(["bash", "-n", root / "source" / "setup.sh"], check=True)


@pytest.fixture(scope="module")
def container() -> Iterator[Path]:
    """Gradescope's folders with the grader installed from its own wheel; what it needs is this environment's."""
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        top.chmod(0o755)
        (top / "autograder.salt").write_text("nobody knows\n")
        shutil.copy(ROOT / "notebooks/autoencoders/autoencoders.ipynb", top)
        gradescope_autograder.write_gradescope_autograder(top, top / "autograder.zip", None)
        (top / "root").mkdir()
        root = unpacked(top / "autograder.zip", top / "root")
        venv = root / "source" / "venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        [packages] = venv.glob("lib/*/site-packages")
        here = next(entry for entry in sys.path if entry.endswith("site-packages"))
        (packages / "this-environment.pth").write_text(here + "\n")
        install = ["--python", venv / "bin" / "python", "install", "--quiet", "--no-deps", "--no-index"]
        command = [sys.executable, "-m", "pip", *install, "--force-reinstall", root / "source" / WHEEL]
        subprocess.run(command, check=True)
        yield root


@pytest.fixture(scope="module")
def first(container: Path) -> tuple[str, dict[str, Any]]:
    """What comes of a submission."""
    shutil.copy(
        SAMPLES / "student-01" / "autoencoders" / "autoencoders.ipynb", container / "submission" / "my work.ipynb"
    )
    return graded(container)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="Gradescope's containers run Linux")
def test_a_submission_is_graded_in_gradescopes_folders(first: tuple[str, dict[str, Any]]) -> None:
    said, result = first
    tests = {test["name"]: test["score"] for test in result["tests"]}
    assert len(tests) == 7
    assert sum(tests.values()) == result["score"] > 0
    layers = result["extra_data"]["sandbox"]["layers"]
    assert set(REQUIRED) <= set(layers)
    assert all(f"{layer} {state}" in said for layer, state in layers.items())
    assert "nobody knows" not in said + json.dumps(result)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can become another user")
def test_a_plain_user_gets_the_same_result(container: Path, first: tuple[str, dict[str, Any]]) -> None:
    who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    try:
        subprocess.run([container / "source/venv/bin/autograder", "--version"], check=True, cwd="/", **who)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("another user cannot read this environment")
    shutil.rmtree(container / "results")
    (container / "results").mkdir()
    os.chown(container / "results", NOBODY, NOBODY)
    _, after = graded(container, **who)
    assert (container / "results" / "results.json").stat().st_uid == NOBODY
    assert after["tests"] == first[1]["tests"]


def test_what_students_do_not_see_of_own_tests_goes_along_and_no_solution_does(autograder: Run, folder: Path) -> None:
    whole = "assert Encoder\n### BEGIN HIDDEN TESTS\nassert Encoder(2)\n### END HIDDEN TESTS"
    for kind, origin, text in (("source", "solutions", whole), ("release", "notebooks", "assert Encoder\n")):
        notebook = json.loads((ROOT / origin / "autoencoders/autoencoders.ipynb").read_text(encoding="utf-8"))
        notebook["cells"].append(code(text, "test_own", grade=True, solution=False, locked=True, points=1))
        save(notebook, folder / "with-own" / kind / "week-3" / "ae.ipynb")
    assert autograder("export", "with-own", *COMMAND[2:], "--wheel", WHEEL).status == 0
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        archive.extractall(folder / "there")
    release = handed_out_in(own_course(), folder / "there" / "release" / "week-3").release
    (test,) = own_tests(own_course(), release)
    assert (test.name, test.source, test.handed_out) == ("test_own", whole, "assert Encoder\n")
    texts = [path.read_text(encoding="utf-8") for path in (folder / "there").rglob("*.ipynb")]
    assert len(texts) == 2
    assert not any("BEGIN SOLUTION" in text for text in texts)
