"""A function for each reader of bytes that a student or a worker has made; it fails where the reader does.

Another reader, of archives or of tables that map names, gets its function here and its name in ``TARGETS``.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, get_origin
from unittest.mock import patch

import numpy as np

from autograder.course.cells import CodeCell
from autograder.course.installed import own_course
from autograder.course.observation import CallResult, Failure
from autograder.engine import wire
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.messages import Begun, CellRun, CellShown, Observed, Reply, Request, WorkerReport
from autograder.engine.options import Options
from autograder.engine.wire import Frame, WireError
from autograder.errors import UsageError
from autograder.nbgrader.rebuild import rebuilt
from autograder.reports.class_csv import ClassRow, class_csv, misconceptions_csv
from autograder.reports.class_table import class_table, problems
from autograder.reports.result import UnusableResult, read_result, to_json
from autograder.submissions.class_list import read_class_list
from autograder.submissions.finding.archives import BadArchive, Unpacker
from autograder.submissions.flags import find_flags
from autograder.submissions.notebook_file import UnreadableNotebook, read_notebook
from autograder.submissions.submission import Cell, Submission, read_submission
from fuzz.budget import Budget, within

COURSE = own_course()
MESSAGES: tuple[Any, ...] = (
    *(Reply[kind] for kind in (WorkerReport, Begun, CellRun, CellShown)),  # type: ignore[valid-type]
    *(Reply[Observed[COURSE.observation(key)]] for key in COURSE.keys),  # type: ignore[misc]
    Request,
)

# What a notebook's JSON takes in memory is limited only where it is much.
NOTEBOOK = Budget(memory=96 << 20)
# A syntax tree takes 600 times the memory of a dense text: so no more than 30,000 words of one are looked through.
FLAGS = Budget(seconds=2.0, memory=64 << 20)


def notebook(data: bytes) -> None:
    """A file that a student has handed in is a submission, or one that has a problem."""
    submission = within(NOTEBOOK, len(data), lambda: _in_file(data, _submission))
    assert bool(submission.cells) != bool(submission.problem)
    assert len(submission.digest) == 64
    submission.problem.encode()


def rebuild(data: bytes) -> None:
    """A file that a student has handed in becomes a notebook that nbgrader can open."""
    try:
        read = _in_file(data, read_notebook)
    except UnreadableNotebook:
        return
    made = within(NOTEBOOK, len(data), lambda: rebuilt(read, COURSE.release))
    json.dumps(made).encode()


def flags(data: bytes) -> None:
    """What may be in a cell is looked through, whatever it is."""
    cell = Cell(data.decode(errors="surrogateescape"), "encoder")  # JSON can spell halves of characters
    submission = Submission("ada", COURSE.key, Path("a.ipynb"), COURSE.release, (cell,), {"encoder": cell.source})
    found = within(FLAGS, len(data), lambda: find_flags(submission.cells, COURSE.release))
    assert len(found) < 30
    assert all("\n" not in flag.text for flag in found)


def frame(data: bytes) -> None:
    """What comes from a worker is a message of the type that was asked for, or no message."""
    try:
        received = within(Budget(), len(data), lambda: wire.receive(io.BytesIO(data).read))
    except WireError:
        return
    message(received)


def message(received: Frame) -> None:
    """A frame is a message of the type that was asked for, or none."""
    size = len(received.head) + len(received.body)
    for kind in MESSAGES:
        try:
            decoded = within(Budget(), size, lambda kind=kind: wire.decode(received, kind))  # type: ignore[misc]
        except WireError:
            continue
        assert isinstance(decoded, get_origin(kind) or kind)


def result_file(data: bytes) -> None:
    """A file beside the results is a result that every report can be made of, or none."""
    try:
        result = within(Budget(), len(data), lambda: _in_file(data, read_result))
    except UnusableResult:
        return
    to_json(result)
    row = ClassRow(result.student, result)
    class_csv(COURSE, [row])
    misconceptions_csv([row])
    class_table(COURSE, [row])
    problems([result])


def archive(data: bytes) -> None:
    """A zip file of a student's is unpacked within its folder and its bounds, or told not to be."""
    with _own_temporary_folder() as home, Unpacker() as unpacker:
        before = set(home.iterdir())

        def unpack(path: Path) -> Path | None:
            try:
                return unpacker.students(path)
            except BadArchive as bad:
                str(bad).encode()
                return None

        if (
            folder := within(Budget(seconds=2.0, memory=8 << 20), len(data), lambda: _in_file(data, unpack))
        ) is not None:
            every = [path for path in folder.rglob("*") if not path.is_dir()]
            assert all(path.is_file() and not path.is_symlink() for path in every)
        assert set(home.iterdir()) <= before


def list_of_class(data: bytes) -> None:
    """A table of names is a list of students, or a clear line."""
    try:
        students = within(Budget(), len(data), lambda: _in_file(data, read_class_list))
    except UsageError:
        return
    assert all(one.shown for one in students)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "notebook": notebook,
    "rebuild": rebuild,
    "flags": flags,
    "frame": frame,
    "result": result_file,
    "archive": archive,
    "class-list": list_of_class,
}


def beginnings(name: str) -> Iterator[bytes]:
    """Bytes that are well for a target: what is changed a little still gets somewhere."""
    if name in ("notebook", "rebuild"):
        few = [cell for cell in COURSE.release.cells if cell.grade_id in ("encoder", "test_encoder")]
        cells = [
            {"cell_type": "code", "source": [one.source], "metadata": {"nbgrader": {"grade_id": one.grade_id}}}
            for one in (*few, CodeCell("mine = 1"))
        ]
        yield json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    if name == "flags":
        yield from (cell.source.encode()[:2000] for cell in COURSE.release.cells)
        yield b"import os, sys\n%time os.system('ls')\nsys.modules['torch'].relu = getattr(os, 'popen')\n!ls\n"
    if name == "frame":
        failure = Failure("raised", "E", "m", "l", 3)
        shown = CellShown(failure, "1.0", "a", "b", ("iVBO",))
        for answer in (Begun(), CellRun(failure), shown, Observed(CallResult(np.zeros(3, "f4")))):
            sent: list[bytes] = []
            wire.send(sent.append, wire.encode(Reply("7", answer)))
            yield b"".join(sent)
    if name == "archive":
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", method) as file:
                file.writestr("a/autoencoders.ipynb", "{}" * 20)
                file.writestr("helper.py", "x = 1")
            yield packed.getvalue()
    if name == "class-list":
        yield b"name;id;e-mail\nAda;1;a@x\n"
    if name == "result":
        yield some_result().encode()


@cache
def some_result() -> str:
    """The result of a notebook that could not be read, which needs no process."""
    unread = Submission("ada", COURSE.key, Path("a.ipynb"), COURSE.release, digest="d", problem="a.ipynb is no JSON")
    options = Options(course=COURSE, level=Level.NONE, salt=Salt("salt", secret=True), only=COURSE.keys[:1])
    with Fleet() as fleet:
        return to_json(grade_submission(unread, options, fleet))


def _submission(path: Path) -> Submission:
    return read_submission(path, "ada", COURSE.key, COURSE.release)


@contextmanager
def _own_temporary_folder() -> Iterator[Path]:
    """Have temporary files made where nobody else does."""
    with tempfile.TemporaryDirectory() as folder, patch.object(tempfile, "tempdir", folder):
        yield Path(folder)


def _in_file(data: bytes, read: Callable[[Path], Any]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.ipynb")
        path.write_bytes(data)
        return read(path)
