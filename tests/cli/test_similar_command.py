"""`autograder similar`: a page from what is kept beside results."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from results_folder import full_marks, write_class

from autograder.reports.class_csv import ClassRow
from autograder.reports.evidence import Evidence, evidence_path, keep_evidence

Run = Callable[..., Any]


def test_it_writes_one_page_and_changes_no_mark(autograder: Run, tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(10)]
    write_class(tmp_path / "results", [ClassRow(one, full_marks(one)) for one in names])
    for number, name in enumerate(names):
        text = "\n".join(f"a{number // 2}_{line} = b{number // 2}({line})" for line in range(9))
        keep_evidence(
            evidence_path(tmp_path / "results", name), Evidence("what was handed in", {"encoder": text, "train": text})
        )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    ended = autograder("similar", "results")
    assert (ended.status, "10 students compared" in ended.out) == (0, True)
    page = tmp_path / "results" / "similar.html"
    assert "<bdi>s4</bdi> and <bdi>s5</bdi>" in page.read_text("utf-8")
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == {**before, page: page.read_bytes()}


def test_without_cells_it_says_what_keeps_them(autograder: Run, tmp_path: Path) -> None:
    write_class(tmp_path / "results", [ClassRow("ada", full_marks("ada"))])
    ended = autograder("similar", "results")
    assert ended.status == 2
    assert "autograder grade" in ended.complaint
