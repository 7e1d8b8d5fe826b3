"""Submissions of the kinds that stop, mislead or escape a grader, and what each one earns."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

from submissions import ROOT, Notebook, add, code, fill, place, right

Content = Notebook | bytes

NAN = """
class Encoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.linear1 = nn.Linear(784, 512)
        self.linear2 = nn.Linear(512, latent_dims)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(torch.flatten(x, start_dim=1)))) * float("nan")
"""


def stub() -> Notebook:
    """The notebook as it was released."""
    notebook: Notebook = json.loads((ROOT / "notebooks/autoencoders/autoencoders.ipynb").read_text(encoding="utf-8"))
    return notebook


def cell(notebook: Notebook, grade_id: str) -> Notebook:
    found: Notebook = notebook["cells"][place(notebook, grade_id)]
    return found


def without(grade_id: str) -> Notebook:
    notebook = right()
    del notebook["cells"][place(notebook, grade_id)]
    return notebook


def with_metadata(grade_id: str, **nbgrader: object) -> Notebook:
    notebook = right()
    cell(notebook, grade_id)["metadata"]["nbgrader"].update(nbgrader)
    return notebook


def every_metadata(**nbgrader: object) -> Notebook:
    notebook = right()
    for one in notebook["cells"]:
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"].update(nbgrader)
    return notebook


def as_text(grade_id: str) -> Notebook:
    notebook = right()
    one = cell(notebook, grade_id)
    one["cell_type"] = "markdown"
    del one["outputs"], one["execution_count"]
    return notebook


def with_a_copy(grade_id: str) -> Notebook:
    notebook = right()
    notebook["cells"].append(deepcopy(cell(stub(), grade_id)))
    return notebook


def with_an_experiment(grade_id: str, old: str, new: str) -> Notebook:
    """A copy of a solved cell at the end, in which the student has gone on under another name."""
    notebook = right()
    copy = deepcopy(cell(notebook, grade_id))
    copy |= {"source": "".join(copy["source"]).replace(old, new), "id": "copied"}
    notebook["cells"].append(copy)
    return notebook


def checks_that_return(text: str, notebook: Notebook) -> Notebook:
    for one in notebook["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade"):
            one["source"] = text
            one["outputs"] = [
                {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, "execution_count": 1}
            ]
    return notebook


def without_metadata() -> Notebook:
    notebook = right()
    notebook["metadata"] = {}
    for one in notebook["cells"]:
        one["metadata"] = {}
        one.pop("id", None)
    return notebook


def missing_module() -> Notebook:
    notebook = add(right(), "from my_own_helpers import relu", after="picture_autoencoder")
    return fill(notebook, "encoder", NAN.replace("F.relu", "relu").replace(' * float("nan")', ""))


def with_own_names() -> Notebook:
    notebook = right()
    notebook["cells"] += [
        code("1", "bonus", grade=True, solution=False, locked=True, points=50, schema_version=3),
        code("'text of half a letter: \ud800'", "mine", solution=True),
        {"cell_type": "markdown", "metadata": {"nbgrader": None}, "source": 7, "attachments": {"a": 1}},
        {"cell_type": "odd", "metadata": 3},
    ]
    return notebook


ODD: dict[str, tuple[Callable[[], Content], float]] = {
    "killed": (lambda: fill(right(), "encoder", "import os\nos._exit(0)"), 13.0),
    "killed-later": (
        lambda: add(right(), "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "interpolate"),
        15,
    ),
    "not-json": (lambda: json.dumps(right()).encode()[:20_000], 0.0),
    "empty-file": (lambda: b"", 0.0),
    "no-cells": (lambda: {"nbformat": 3, "worksheets": []}, 0.0),
    "another-notebook": (lambda: {"cells": [code("print('hello')")], "metadata": {}, "nbformat": 4}, 0.0),
    "test-deleted": (lambda: without("test_encoder"), 15.0),
    "solution-deleted": (lambda: without("encoder"), 13.0),
    "solution-twice": (lambda: with_a_copy("encoder"), 15.0),
    "copy-with-another-name": (lambda: with_an_experiment("train_vae", "train_vae", "train_vae_beta"), 15.0),
    "copy-with-a-mistake": (lambda: with_an_experiment("encoder", "F.relu", "F.rellu"), 15.0),
    "experiment-below": (lambda: add(right(), "class Encoder:\n    pass", "test_encoder"), 15.0),
    "test-twice": (lambda: with_a_copy("test_kl"), 15.0),
    "more-points": (lambda: with_metadata("test_encoder", points=100), 15.0),
    "odd-points": (lambda: with_metadata("test_encoder", points="many"), 15.0),
    "text-for-a-solution": (lambda: as_text("encoder"), 13.0),
    "text-for-a-test": (lambda: as_text("test_encoder"), 15.0),
    "checks-that-return-99": (lambda: checks_that_return("99", stub()), 0.0),
    "checks-that-return-nan": (lambda: checks_that_return("float('nan')", stub()), 0.0),
    "checks-that-raise": (lambda: checks_that_return("raise SystemExit", right()), 15.0),
    "no-metadata": (without_metadata, 15.0),
    "old-schema": (lambda: every_metadata(schema_version=1), 15.0),
    "schema-of-the-future": (lambda: every_metadata(schema_version=9, extra={"key": 1}), 15.0),
    "nan": (lambda: fill(right(), "encoder", NAN), 13.0),
    "own-names": (with_own_names, 15.0),
    "honest": (right, 15.0),
    "untouched": (stub, 0.0),
}


def write(content: Content, path: Path) -> None:
    """Write a submission to its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
