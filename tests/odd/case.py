"""One odd submission, and what is to come of it, whichever way it is graded."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from submissions import Notebook, save

NAME = "autoencoders.ipynb"
KEYS = ("encoder", "decoder", "train", "variational_encoder", "kl", "train_vae", "interpolate")

Lost = Mapping[str, tuple[float, str]]
NOTHING: Lost = {}
EVERYTHING: Lost = dict.fromkeys(KEYS, (0.0, "not-attempted"))
REVIEW: Lost = {"encoder": (0.0, "review")}


@dataclass(frozen=True)
class Link:
    """A symbolic link, in place of a file's content."""

    to: str


@dataclass(frozen=True)
class Pipe:
    """A named pipe, in place of a file."""


Content = Notebook | bytes | Link


@dataclass(frozen=True)
class Case:
    """A submission of a class, and what is to come of it.

    Attributes:
        make: makes the notebook; gives ``None`` where there is none.
        lost: the exercises that do not pass, with their points and status; all others pass.
        said: words that the student reads somewhere, in a check or a warning.
        unsaid: words that nobody reads.
        flags: words that the instructor reads.
        files: what was handed in beside the notebook.
        name: the notebook's own name.
        folder: where all of it lies in the class's folder; empty for the place that nbgrader gives it.
    """

    make: Callable[[], Content | None]
    lost: Lost
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ("misspelt",)
    flags: tuple[str, ...] = ()
    files: Mapping[str, bytes | Link | Pipe] = field(default_factory=dict)
    name: str = NAME
    folder: str = ""

    @property
    def points(self) -> float:
        """What it earns."""
        return sum(MOST.values()) - sum(MOST[key] - points for key, (points, _) in self.lost.items())


MOST = dict(zip(KEYS, (2.0, 2.0, 2.0, 3.0, 2.0, 2.0, 2.0), strict=True))


def hand_in(case: Case, student: str, home: Path) -> None:
    """Put a submission into a class's folder."""
    own = home / (case.folder or f"{student}/autoencoders")
    own.mkdir(parents=True, exist_ok=True)
    content = case.make()
    if content is not None:
        _put(content, own / case.name)
    for name, beside in case.files.items():
        _put(beside, own / name)


def lost(result: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """What is not passed in a result file, with its points and status."""
    return {one["key"]: (one["points"], one["status"]) for one in result["exercises"] if one["status"] != "passed"}


def words(result: Mapping[str, Any]) -> str:
    """All that the student is told in a result file."""
    checks = [check["message"] for one in result["exercises"] for check in one["checks"]]
    return "\n".join([*result["warnings"], *filter(None, checks)])


def check_case(case: Case, result: Mapping[str, Any]) -> None:
    """Hold a result against what was to come of it."""
    assert lost(result) == dict(case.lost), words(result)
    for text in case.said:
        assert text in words(result)
    for text in case.unsaid:
        assert text not in words(result)
    for text in case.flags:
        assert text in "\n".join(result["flags"])


def _put(content: Content | Pipe, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Link):
        path.symlink_to(content.to)
    elif isinstance(content, Pipe):
        os.mkfifo(path)
    else:
        save(content, path)
