"""Files handed in beside a notebook: there for its code, to read, and nobody else's."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from graded import Case, check_case, grade, lost, words
from odd_submissions import cell
from submissions import Notebook, add, fill, right, save

from autograder.course.installed import own_course
from autograder.submissions import helper_files as module
from autograder.submissions.submission import Submission, read_submission

NOTHING: dict[str, tuple[float, str]] = {}
LAYERS = b"import torch.nn.functional as F\nfrom more import CLAMP\n\ndef act(x):\n    return x.clamp(min=CLAMP)\n"


def with_act(source: str) -> Notebook:
    """With a cell of the student's own that has to give ``act``."""
    answer = "".join(cell(right(), "encoder")["source"]).replace("F.relu", "act")
    return add(fill(right(), "encoder", answer), source, "picture_autoencoder")


def weights() -> bytes:
    torch.save(torch.ones(3), data := io.BytesIO())
    return data.getvalue()


def encoder_module() -> bytes:
    head = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
    return (head + "".join(cell(right(), "encoder")["source"])).encode()


CASES = {
    "module": Case(
        lambda: with_act("from my_layers import act"), NOTHING, files={"my_layers.py": LAYERS, "more.py": b"CLAMP = 0"}
    ),
    "package": Case(
        lambda: with_act("from mine.layers import act"),
        NOTHING,
        files={
            "mine/__init__.py": b"",
            "mine/layers.py": LAYERS.replace(b"more", b".more"),
            "mine/more.py": b"CLAMP = 0",
        },
    ),
    "star": Case(
        lambda: with_act("from my_layers import *"),
        NOTHING,
        files={"my_layers.py": b"act = abs\n" + LAYERS, "more.py": b"CLAMP = 0"},
    ),
    "answer": Case(
        lambda: fill(right(), "encoder", "from my_layers import Encoder"),
        NOTHING,
        files={"my_layers.py": encoder_module()},
    ),
    "weights": Case(
        lambda: with_act("assert torch.load('w.pt').sum() == 3\nact = F.relu"), NOTHING, files={"w.pt": weights()}
    ),
    "table": Case(
        lambda: with_act("assert np.loadtxt('data/my table.csv', delimiter=',').sum() == 6\nact = F.relu"),
        NOTHING,
        files={"data/my table.csv": b"1,2,3\n"},
    ),
    "run": Case(
        lambda: with_act("%run own.py"),
        NOTHING,
        files={"own.py": b"act = F.relu if 'F' in globals() else abs\nimport torch\nact = torch.relu\n"},
    ),
    "written-in-a-cell": Case(
        lambda: add(
            with_act("from mine import act"),
            "%%writefile mine.py\nimport torch\nact = torch.relu",
            "picture_autoencoder",
        ),
        NOTHING,
    ),
    "read-only": Case(
        lambda: with_act(
            "try:\n    open('w.csv', 'w')\nexcept OSError:\n    act = F.relu\nimport os\n"
            "try:\n    os.chmod('w.csv', 0o600)\n    del act\nexcept OSError:\n    pass\n"
            "try:\n    os.remove('w.csv')\n    del act\nexcept OSError:\n    pass"
        ),
        NOTHING,
        files={"w.csv": b"1"},
    ),
    "too-large": Case(
        lambda: with_act("torch.load('w.pt')\nact = F.relu"),
        {"encoder": (0.0, "review")},
        ("w.pt stayed behind", "8 MB"),
        files={"w.pt": bytes((8 << 20) + 1)},
    ),
    "another-students": Case(
        lambda: with_act("open('../../module/autoencoders/my_layers.py')\nact = F.relu"), {"encoder": (0.0, "review")}
    ),
    "hostile": Case(
        lambda: with_act("from my_layers import act"),
        NOTHING,
        files={"my_layers.py": b"import subprocess\nimport torch\nact = torch.relu\n"},
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("helpers")


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, Any]:
    return grade(folder, CASES)


@pytest.mark.parametrize("name", CASES)
def test_own_files_are_there(results: dict[str, Any], name: str) -> None:
    check_case(CASES[name], results[name])


def test_own_modules_are_looked_through_as_cells_are(results: dict[str, Any]) -> None:
    assert any("the file `my_layers.py`, line 1" in flag for flag in results["hostile"]["flags"])
    assert results["module"]["flags"] == []


def test_files_beside_notebooks_of_several_students_are_nobodys(tmp_path: Path) -> None:
    for student in ("ada", "bea"):
        save(with_act("from my_layers import act"), tmp_path / "class" / f"{student}.ipynb")
    (tmp_path / "class" / "my_layers.py").write_bytes(b"act = abs")
    assert grade(tmp_path, {}) == {}
    for student in ("ada", "bea"):
        result = json.loads((tmp_path / "results" / f"{student}.json").read_text())
        assert lost(result) == {"encoder": (0.0, "review")}
        assert "my_layers" in words(result)


RELEASE = own_course().release


def read(folder: Path, source: str = "import mine, other, deep; open('secret.txt')") -> Submission:
    path = save(with_act(source), folder / "autoencoders.ipynb")
    return read_submission(path, "ada", "autoencoders", RELEASE, folder)


def test_links_and_pipes_and_other_hand_ins_stay_behind(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    own = tmp_path / "own"
    (own / "linked").mkdir(parents=True)
    (own / "secret.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "mine.py").write_text("a = 1")
    (own / "inside").symlink_to(tmp_path / "away")
    os.mkfifo(own / "other.py")
    (own / "another").mkdir()
    (own / "another" / "x.ipynb").write_text("{}")
    (own / "another" / "deep.py").write_text("a = 1")
    assert read(own).files == ()


def test_files_that_nobody_names_stay_behind_and_change_nothing(tmp_path: Path) -> None:
    before = read(tmp_path).digest
    (tmp_path / "notes.txt").write_text("x")
    assert (read(tmp_path).files, read(tmp_path).digest) == ((), before)


def test_digest_changes_with_a_file_that_is_named(tmp_path: Path) -> None:
    digests = {read(tmp_path).digest}
    for text in ("a = 1", "a = 2"):
        (tmp_path / "mine.py").write_text(text)
        digests.add(read(tmp_path).digest)
    assert len(digests) == 3


def test_number_and_size_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mine.py", "other.py", "deep.py"):
        (tmp_path / name).write_text("a = 1")
    monkeypatch.setattr(module, "MOST_FILES", 2)
    assert [len(read(tmp_path).files), len(read(tmp_path).remarks)] == [2, 1]
    monkeypatch.setattr(module, "MOST_FILES", 9)
    monkeypatch.setattr(module, "LARGEST_TOGETHER", 11)
    assert [len(read(tmp_path).files), len(read(tmp_path).remarks)] == [2, 1]
