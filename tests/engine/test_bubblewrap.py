"""bubblewrap around the workers: what they see at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.installed import find_course
from autograder.engine import bubblewrap
from autograder.engine.fleet import Fleet
from autograder.engine.identity import SALT_FILE, Salt
from autograder.engine.levels import ON, Level
from autograder.engine.messages import Begin, Begun, CellRun, RunCells
from autograder.engine.options import Options
from autograder.submissions.submission import Cell

COURSE = find_course("toy")
OPTIONS = Options(course=COURSE, level=Level.BEST, salt=Salt("salt", secret=True), memory_mib=2048)

needs_bubblewrap = pytest.mark.skipif(
    bubblewrap.around(Level.BEST, COURSE, "/tmp").layers["bubblewrap"] != ON,
    reason="bubblewrap is not installed, or not allowed to work here",
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "results").mkdir()
    (tmp_path / SALT_FILE).write_text("salt")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    bubblewrap._report.cache_clear()


def said(source: str) -> str:
    """What a cell that is run in a worker raises."""
    with Fleet() as fleet, fleet.worker(OPTIONS) as worker:
        worker.ask(Begin(given=(), device="cpu", seed=1, broken={}), Begun, 20.0)
        failure = worker.ask(RunCells(((0, Cell(source)),), 20.0), CellRun, 20.0).failure
    assert failure is not None
    return failure.message


LOOK = """
import json, os
def seen(path):
    try:
        return os.stat(path).st_size
    except OSError as error:
        return type(error).__name__
size = os.statvfs(".")
open("mine", "w").close()
raise ValueError(json.dumps([size.f_blocks * size.f_frsize >> 20, os.listdir(), list(map(seen, {paths!r}))]))
"""


@needs_bubblewrap
def test_what_workers_may_not_read_is_not_there_and_their_folder_has_a_size(course: Path) -> None:
    paths = [str(course / SALT_FILE), str(course / "results"), "/etc/passwd", "/home", "/var"]
    assert json.loads(said(LOOK.format(paths=paths))) == [272, ["mine"], ["FileNotFoundError"] * 5]


@needs_bubblewrap
def test_salt_is_seen_where_all_is_bound_and_folders_work_without_a_size(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Landlock alone lets them see; and what bubblewrap gives where it is too old to bound a folder."""
    monkeypatch.setattr(bubblewrap, "_seen", lambda _course: [Path("/")])
    monkeypatch.setattr(bubblewrap, "_bounds_folders", lambda: False)
    size, files, (salt,) = json.loads(said(LOOK.format(paths=[str(course / SALT_FILE)])))
    assert (size != 272, files, salt) == (True, ["mine"], 4)


def test_where_it_is_missing_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bubblewrap._report.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    around = bubblewrap.around(Level.STRICT, COURSE, "/tmp")
    bubblewrap._report.cache_clear()
    assert around.command == ()
    assert "apt install bubblewrap" in around.layers["bubblewrap"]
    assert bubblewrap.around(Level.NONE, COURSE, "/tmp").layers == {}
