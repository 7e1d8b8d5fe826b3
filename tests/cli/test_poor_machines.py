"""Machines that lack something: what grading does there, and says."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from submissions import right, save

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is taken away here is Linux's")

COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]
NOBODY = 65534
Ended = subprocess.CompletedProcess[str]

# Refuses one system call as a kernel does that does not know it, then becomes another program.
WITHOUT_CALL = f"""
import os, sys
from autograder.engine.sandbox import bpf, process, seccomp
machine, call = seccomp.machine(), sys.argv[1]
rules = bpf.Rules({{name: () for name in machine.numbers if name != call}}, {{call: {errno.ENOSYS}}})
process.no_new_privs()
seccomp.load(bpf.program(rules, machine, bpf.ALLOW), 0)
os.execv(sys.argv[2], sys.argv[2:])
"""
WITHOUT_LANDLOCK = [sys.executable, "-c", WITHOUT_CALL, "landlock_create_ruleset"]
WITHOUT_SHARED_MEMORY = ["unshare", "--mount", "sh", "-c", """
    mount -t tmpfs none /dev
    mknod -m 666 /dev/null c 1 3 && mknod -m 666 /dev/zero c 1 5 && mknod -m 666 /dev/urandom c 1 9
    exec "$@"
""", "sh"]  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a class of one, which anybody may enter."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "autograder.salt").write_text("a line of random text\n")
        save(right(), folder / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777)
        yield folder


def grade(folder: Path, *options: str, around: list[str] | None = None, **how: Any) -> Ended:
    command = [*(around or ()), *COMMAND, "grade", "class", "--results", "results", "--quiet", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **how)


def result(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results" / "ada.json").read_text(encoding="utf-8"))
    return found


def test_without_landlock_strict_refuses_in_one_line_and_best_goes_on(folder: Path) -> None:
    refused = grade(folder, around=WITHOUT_LANDLOCK)
    assert refused.returncode == 2
    assert "this machine lacks what `--sandbox strict` requires (landlock: off" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert list((folder / "results").iterdir()) == []

    graded = grade(folder, "--sandbox", "best", around=WITHOUT_LANDLOCK)
    assert (graded.returncode, graded.stderr) == (0, "")
    assert result(folder)["points"] == 15.0
    assert result(folder)["sandbox"]["layers"]["landlock"].startswith("off: ")
    assert result(folder)["sandbox"]["layers"]["seccomp"].startswith("on")


@pytest.mark.skipif(os.geteuid() != 0, reason="whoever runs the tests is a plain user, so every test shows it")
def test_a_plain_user_grades_with_the_whole_sandbox(folder: Path) -> None:
    who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    home = {**os.environ, "HOME": str(folder)}
    try:
        subprocess.run([sys.executable, "-c", "import autograder"], cwd="/", check=True, env=home, **who)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("another user cannot read this checkout")
    graded = grade(folder, env=home, **who)
    assert (graded.returncode, graded.stderr) == (0, "")
    assert (folder / "results" / "ada.json").stat().st_uid == NOBODY
    assert (result(folder)["points"], result(folder)["sandbox"]["level"]) == (15.0, "strict")


def test_grading_needs_no_shared_memory(folder: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run([*WITHOUT_SHARED_MEMORY, "true"], check=False).returncode:
        pytest.skip("nobody may take a mount away here")
    assert subprocess.run([*WITHOUT_SHARED_MEMORY, "test", "-e", "/dev/shm"], check=False).returncode == 1
    graded = grade(folder, around=WITHOUT_SHARED_MEMORY)
    assert (graded.returncode, graded.stderr) == (0, "")
    assert result(folder)["points"] == 15.0


@pytest.mark.usefixtures("_one_fleet")
def test_what_cannot_be_written_beside_a_result_is_named_and_costs_no_mark(
    autograder: Callable[..., Any], tmp_path: Path
) -> None:
    save(right(), tmp_path / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "evidence").write_text("in the way", encoding="utf-8")
    for _ in ("graded", "used again"):
        done = autograder("grade", "class", "--results", "results", "--sandbox", "best", "--quiet")
        assert done.status == 0
        [line] = [one for one in done.err.replace("\\", "/").splitlines() if "salt" not in one]
        assert "evidence/ada.json could not be written" in line
        assert "marks are complete" in line
        assert json.loads(Path("results/ada.json").read_text(encoding="utf-8"))["points"] == 15.0
        assert "\nada,autoencoders,15," in Path("results/class.csv").read_text(encoding="utf-8-sig")
