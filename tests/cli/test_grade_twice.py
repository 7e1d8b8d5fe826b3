"""The same class graded twice: the same bytes but for times, and pictures of what was seen, on their way to a page."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graded import grade_in_process
from submissions import Notebook, fill, place, right, save

from autograder.engine.fleet import Fleet

pytestmark = pytest.mark.slow

Run = Callable[..., Any]

SLIPS = {
    "variational_encoder": ("torch.log(sigma)", "0 * torch.log(sigma)"),
    "interpolate": ("linspace(0, 1, n", "linspace(0, 0.8, n"),
}


def with_slips() -> Notebook:
    notebook = right()
    for cell, (was, becomes) in SLIPS.items():
        source = "".join(notebook["cells"][place(notebook, cell)]["source"])
        assert was in source
        fill(notebook, cell, source.replace(was, becomes))
    return notebook


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, fleet: Fleet) -> Path:
    """A class in ``class``, and its results in ``one`` and ``two``."""
    folder = tmp_path_factory.mktemp("twice")
    save(with_slips(), folder / "class" / "ada" / "autoencoders.ipynb")
    save({}, folder / "class" / "bob" / "autoencoders.ipynb").write_text("{")
    for results in ("one", "two"):
        grade_in_process(folder, fleet, "--results", results)
    return folder


def files(folder: Path) -> dict[str, str]:
    """Everything in a folder, times left out."""
    texts = {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
    return {name: re.sub(r'"cpu_seconds": ?[\d.e-]+', "", text) for name, text in texts.items()}


def test_results_are_the_same_but_for_times_and_nothing_differs(autograder: Run, twice: Path) -> None:
    one = files(twice / "one")
    assert {"ada.json", "bob.json", "class.csv", "misconceptions.csv", "evidence/ada.json"} <= one.keys()
    assert files(twice / "two") == one
    ended = autograder("diff", twice / "one", twice / "two", "--json")
    assert (ended.status, json.loads(ended.out)["differences"]) == (0, [])


def test_what_was_seen_goes_beside_the_result_and_onto_the_page(autograder: Run, twice: Path) -> None:
    kept = json.loads((twice / "one" / "evidence" / "ada.json").read_text("utf-8"))["pictures"]
    assert {key: one["kind"] for key, one in kept.items()} == {"kl": "along-sigma", "interpolate": "walk"}
    assert kept["interpolate"]["series"]["along"][-1] == pytest.approx(0.8, abs=1e-3)
    assert "picture" not in (twice / "one" / "ada.json").read_text("utf-8")
    assert autograder("report", twice / "one").status == 0
    page = (twice / "one" / "feedback" / "ada.html").read_text("utf-8")
    assert len(re.findall(r'<svg class="chart"[^>]* role="img"', page)) == 2
    assert "the last at 0.80" in page
