"""The folder of a worker: what is in it is a student's."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.engine import scratch
from autograder.engine.scratch import ClaimedScratch, Scratch


@pytest.fixture
def folder(tmp_path: Path) -> Scratch:
    return Scratch.fresh(str(tmp_path))


def nested(top: Path) -> None:
    """Folders deeper than any recursion or path goes."""
    here = Path.cwd()
    os.chdir(top)
    try:
        for _ in range(1500):
            Path("a-folder").mkdir()
            os.chdir("a-folder")
        Path("file").touch()
    finally:
        os.chdir(here)


def shut(top: Path) -> None:
    (top / "shut" / "inner").mkdir(parents=True)
    (top / "shut" / "inner" / "file").touch()
    (top / "shut" / "inner").chmod(0)
    (top / "shut").chmod(0)


def linked(top: Path) -> None:
    (top / "up").symlink_to("..")
    (top / "loop").symlink_to("loop")
    (top / "outside").symlink_to(top.parent / "kept")


def oddly_named(top: Path) -> None:
    for name in ("\n", " ", "-rf", "\udcff", "ß" * 120):
        (top / name).touch()
    os.mkfifo(top / "pipe")


@pytest.mark.parametrize("fill", [nested, shut, linked, oddly_named])
def test_a_folder_is_removed_whatever_is_in_it_and_nothing_else(
    folder: Scratch, tmp_path: Path, fill: Callable[[Path], None]
) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("kept")
    fill(Path(folder.path))
    folder.overfull()
    folder.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "file").read_text() == "kept"


@pytest.mark.parametrize(("depth", "said"), [(50, ""), (51, "nested more than 50 folders")])
def test_folders_are_counted_however_long_their_names(folder: Scratch, depth: int, said: str) -> None:
    here = Path.cwd()
    os.chdir(folder.path)
    try:
        for _ in range(depth):
            Path("n" * 200).mkdir()
            os.chdir("n" * 200)
    finally:
        os.chdir(here)
    assert said in folder.overfull()
    assert bool(folder.overfull()) == bool(said)


def test_what_lies_too_deep_to_name_counts(folder: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand characters down, where no path leads."""
    monkeypatch.setattr(scratch, "MOST_BYTES", 1 << 20)
    here = Path.cwd()
    os.chdir(folder.path)
    try:
        for _ in range(49):
            Path("n" * 200).mkdir()
            os.chdir("n" * 200)
        Path("large").write_bytes(bytes(2 << 20))
    finally:
        os.chdir(here)
    assert "more than 1 MiB" in folder.overfull()


AS_A_PLAIN_USER = """
import os, sys
from pathlib import Path
from autograder.engine.scratch import Scratch
top = Scratch(sys.argv[1])
if os.geteuid() == 0:
    os.chown(top.path, 65534, 65534)
    os.setgroups([])
    os.setresuid(65534, 65534, 65534)
inner = Path(top.path, "shut")
inner.mkdir()
(inner / "file").write_bytes(bytes(1 << 20))
inner.chmod(int(sys.argv[2], 8))
print(top.overfull())
top.remove()
print(list(Path(top.path).iterdir()) if Path(top.path).exists() else "gone")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="this user's number is Linux's")
@pytest.mark.parametrize(
    ("mode", "said"), [("0700", ""), ("0300", "cannot be looked into"), ("0000", "into"), ("0400", "into")]
)
def test_a_folder_that_is_closed_counts_as_too_much(mode: str, said: str) -> None:
    """For root no folder is closed, so somebody else looks, at one where all may go; and removes it all the same."""
    with tempfile.TemporaryDirectory(dir="/tmp") as above:
        Path(above).chmod(0o777)
        (Path(above) / "top").mkdir()
        command = [sys.executable, "-c", AS_A_PLAIN_USER, f"{above}/top", mode]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        overfull, left = run.stdout.splitlines()
    assert said in overfull
    assert bool(overfull) == bool(said)
    assert left in ("gone", "[]")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


CLAIM = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from pathlib import Path
from autograder.engine.scratch import ClaimedScratch
claimed = ClaimedScratch.claim()
(Path(claimed.path) / "inner").mkdir()
print(claimed.path, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_what_a_killed_grader_has_left_goes_at_the_next_start_and_a_running_ones_stays(temporary: Path) -> None:
    (temporary / "autograder-scratch-file").touch()
    (temporary / "of-others").mkdir()
    command = [sys.executable, "-c", CLAIM, str(temporary)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        theirs = Path(grader.stdout.readline().strip())
        beside = ClaimedScratch.claim()
        assert theirs.is_dir()
        grader.kill()
    after = ClaimedScratch.claim()
    assert not theirs.exists()
    assert Path(beside.path).is_dir()
    kept = {Path(beside.path).name, Path(after.path).name, "autograder-scratch-file", "of-others"}
    assert {path.name for path in temporary.iterdir()} == kept
    beside.remove()
    after.remove()
    assert {path.name for path in temporary.iterdir()} == {"autograder-scratch-file", "of-others"}


def test_a_folder_that_another_grader_took_for_an_orphan_is_replaced(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its making and its lock."""
    real, made = scratch._locked, []

    def locked(path: str) -> int | None:
        made.append(path)
        if len(made) == 1:
            Path(path).rmdir()
        return real(path)

    monkeypatch.setattr(scratch, "_locked", locked)
    claimed = ClaimedScratch.claim()
    assert len(made) == 2
    assert list(temporary.iterdir()) == [Path(claimed.path)]


def test_a_folder_that_is_gone_can_be_removed(folder: Scratch) -> None:
    folder.remove()
    folder.remove()
    assert folder.overfull() == ""


def test_a_folder_is_overfull_by_its_files_or_by_their_size(folder: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "MOST_FILES", 5)
    monkeypatch.setattr(scratch, "MOST_BYTES", 1 << 20)
    top = Path(folder.path)
    for number in range(5):
        (top / str(number)).touch()
    assert folder.overfull() == ""
    (top / "0").write_bytes(bytes(2 << 20))
    assert "more than 1 MiB" in folder.overfull()
    (top / "0").unlink()
    (top / "1").unlink()
    (top / "inner").mkdir()
    for number in range(3):
        (top / "inner" / str(number)).touch()
    assert "more than 5 files" in folder.overfull()


def test_a_file_counts_for_what_it_takes_on_the_disk(folder: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "MOST_BYTES", 1 << 20)
    with (Path(folder.path) / "holes").open("wb") as file:
        file.truncate(2 << 20)
    assert folder.overfull() == ""
