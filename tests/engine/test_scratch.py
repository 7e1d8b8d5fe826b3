"""The folder of a worker: what is in it is a student's."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.engine import scratch
from autograder.engine.scratch import Scratch


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
