"""Cells that were copied, split or turned into text, as Jupyter does it: with nbgrader's metadata."""

from collections.abc import Callable
from copy import deepcopy

from submissions import Notebook, add, cell, fill, place, right, stub, text

from odd.case import NOTHING, Case

SOLUTIONS = ("encoder", "decoder", "train", "variational_encoder", "train_vae", "interpolate")
Edit = Callable[[Notebook], Notebook]


def below(grade_id: str) -> int:
    return place(right(), grade_id) + 1


def copied(notebook: Notebook, grade_id: str, source: str, at: int | None = None) -> Notebook:
    """With a copy of a cell, holding another text, at a place or at the end."""
    copy = {**deepcopy(cell(notebook, grade_id)), "source": source}
    copy.pop("id", None)
    notebook["cells"].insert(len(notebook["cells"]) if at is None else at, copy)
    return notebook


def renamed_copies(*names: str) -> Notebook:
    """The names copied to the end, and what they define called otherwise."""
    notebook = right()
    for name in names:
        source = text(notebook, name)
        for asked in ("class Encoder", "class Decoder", "class VariationalEncoder", "def train_vae", "def train",
                      "def interpolate"):  # fmt: skip
            source = source.replace(f"{asked}(", f"{asked}_2(")
        copied(notebook, name, source)
    return notebook


def split(name: str, at: str, before: str = "", after: str = "") -> Notebook:
    """A cell split before the text ``at``; both halves have its metadata."""
    notebook = right()
    upper, found, lower = text(notebook, name).partition(at)
    assert found
    fill(notebook, name, before + upper)
    return copied(notebook, name, found + lower + after, place(notebook, name) + 1)


def turned(notebook: Notebook, number: int, kind: str) -> Notebook:
    one = notebook["cells"][number]
    one["cell_type"] = kind
    one.pop("outputs", None)
    one.pop("execution_count", None)
    return notebook


def answer_in_a_copy(below_the_test: int) -> Notebook:
    """The stub untouched; the answer in a copy, right below it or below its test."""
    notebook = right()
    answer = text(notebook, "train_vae")
    fill(notebook, "train_vae", text(stub(), "train_vae"))
    return copied(notebook, "train_vae", answer, place(notebook, "train_vae") + 1 + below_the_test)


def wrong(notebook: Notebook, name: str) -> str:
    """An encoder without its ReLU, or a decoder without its sigmoid."""
    source = text(notebook, name)
    changed = source.replace("F.relu(self.linear1(x))", "self.linear1(x)").replace("torch.sigmoid", "")
    assert changed != source
    return changed


def two_answers(first: Edit | None, at: int) -> Notebook:
    notebook = right()
    good, bad = text(notebook, "encoder"), wrong(right(), "encoder")
    fill(notebook, "encoder", good if first is None else bad)
    return copied(notebook, "encoder", bad if first is None else good, place(notebook, "encoder") + at)


def with_helper(grade_id: str) -> Notebook:
    """A helper typed into a copy of a locked cell, above the cell that uses it."""
    notebook = right()
    source = text(notebook, "encoder").replace("F.relu", "my_relu")
    fill(notebook, "encoder", source)
    return copied(notebook, grade_id, "def my_relu(x):\n    return x.clamp(min=0)", place(notebook, "encoder"))


def below_its_test(source: Callable[[Notebook], str], answer: str | None) -> Notebook:
    """A cell of the student's own below the encoder's test; perhaps with another text in the encoder's cell."""
    notebook = add(right(), source(right()), "test_encoder")
    return notebook if answer is None else fill(notebook, "encoder", answer)


def checks_moved_last(notebook: Notebook) -> Notebook:
    cells = notebook["cells"]
    graded = [one for one in cells if one["metadata"].get("nbgrader", {}).get("grade")]
    return {**notebook, "cells": [one for one in cells if one not in graded] + graded}


EXPERIMENT = "class Encoder(nn.Module):\n    def forward(self, x):\n        return x.sum()\n"
LAST = len(right()["cells"])
UNUSED = {"encoder": (0.0, "review")}

COPIES = {
    "copy-renamed": Case(lambda: renamed_copies("train_vae"), NOTHING),
    "all-copied": Case(lambda: renamed_copies(*SOLUTIONS), NOTHING),
    "helper-split-off": Case(
        lambda: split("train", "def train", "def squares(a, b):\n    return ((a - b) ** 2).sum()\n\n"), NOTHING
    ),
    "method-below": Case(
        lambda: split("encoder", "    def forward"),
        {"encoder": (0.0, "error")},
        ("was split", "Shift+M"),
    ),
    "split-in-a-method": Case(
        lambda: split("train", "            loss.backward()"), {"train": (0.0, "error")}, ("was split", "Shift+M")
    ),
    "method-added-below": Case(
        lambda: copied(right(), "encoder", "def size(self):\n    return 2\n\nEncoder.size = size", below("encoder")),
        NOTHING,
    ),
    "copy-as-markdown": Case(
        lambda: turned(copied(right(), "encoder", "class Encoder: my notes"), LAST, "markdown"), NOTHING
    ),
    "copy-as-raw": Case(lambda: turned(copied(right(), "train", "notes"), LAST, "raw"), NOTHING),
    "notes-in-a-copy": Case(lambda: copied(right(), "encoder", "# I first tried a sigmoid here."), NOTHING),
    "cell-as-markdown": Case(
        lambda: turned(right(), place(right(), "encoder"), "markdown"), UNUSED, ("is a Markdown cell",)
    ),
    "cell-as-raw": Case(lambda: turned(right(), place(right(), "encoder"), "raw"), UNUSED, ("is a raw cell",)),
    "stub-as-markdown": Case(
        lambda: turned(fill(right(), "encoder", text(stub(), "encoder")), place(right(), "encoder"), "markdown"),
        {"encoder": (0.0, "not-attempted")},
    ),
    "helper-in-a-test": Case(lambda: with_helper("test_decoder"), NOTHING),
    "helper-in-a-driver": Case(lambda: with_helper("run_training"), NOTHING),
    "helper-in-a-given-cell": Case(lambda: with_helper("autoencoder"), NOTHING),
    "answer-in-a-copy": Case(lambda: answer_in_a_copy(0), NOTHING),
    "answer-in-a-copy-below": Case(lambda: answer_in_a_copy(1), NOTHING),
    "last-answer-is-right": Case(lambda: two_answers(lambda notebook: notebook, 1), NOTHING),
    "last-answer-is-wrong": Case(lambda: two_answers(None, 1), {"encoder": (1.0, "partial")}),
    "wrong-copy-below-the-test": Case(lambda: two_answers(None, 2), NOTHING),
    "right-copy-below-the-test": Case(lambda: two_answers(lambda notebook: notebook, 2), NOTHING),
    "copy-does-not-compile": Case(
        lambda: copied(right(), "encoder", "class Encoder(nn.Module:\n    pass", below("encoder")), NOTHING
    ),
    "copy-raises": Case(
        lambda: copied(right(), "encoder", "encoder = Encoder(2)\nencoder(1 / 0)", below("encoder")), NOTHING
    ),
    "copy-raises-at-the-end": Case(lambda: copied(right(), "encoder", "Encoder(2)(1 / 0)"), NOTHING),
    "stub-copied-to-the-end": Case(lambda: copied(right(), "encoder", text(stub(), "encoder")), NOTHING),
    "early-draft": Case(
        lambda: copied(right(), "train_vae", text(stub(), "train_vae") + "\n\nx = 1", below("train")), NOTHING
    ),
    "experiment-below": Case(lambda: below_its_test(lambda _: EXPERIMENT, None), NOTHING),
    "experiment-at-the-end": Case(lambda: add(right(), EXPERIMENT, "run_interpolation"), NOTHING),
    "wrong-experiment-below": Case(lambda: below_its_test(lambda notebook: wrong(notebook, "encoder"), None), NOTHING),
    "answer-only-below": Case(
        lambda: below_its_test(lambda notebook: text(notebook, "encoder"), text(stub(), "encoder")), NOTHING
    ),
    "mended-below": Case(
        lambda: below_its_test(lambda notebook: text(notebook, "encoder"), wrong(right(), "encoder")), NOTHING
    ),
    "helper-below": Case(
        lambda: below_its_test(
            lambda _: "def my_relu(x):\n    return x.clamp(min=0)",
            text(right(), "encoder").replace("F.relu", "my_relu"),
        ),
        NOTHING,
    ),
    "helper-overwritten-below": Case(
        lambda: add(
            add(fill(right(), "encoder", text(right(), "encoder").replace("F.relu", "act")), "act = F.relu", "encoder"),
            "act = torch.sin",
            "run_training",
        ),
        NOTHING,
    ),
    "wrong-above-and-below": Case(
        lambda: below_its_test(lambda _: EXPERIMENT, wrong(right(), "encoder")), {"encoder": (1.0, "partial")}
    ),
    "test-copied": Case(lambda: copied(right(), "test_encoder", text(right(), "test_encoder")), NOTHING),
    "tests-moved-to-the-end": Case(lambda: checks_moved_last(right()), NOTHING),
    "upside-down": Case(lambda: {**right(), "cells": right()["cells"][::-1]}, NOTHING),
}
