"""What lies beside a result, so that pages can show it: the student's own cells, and pictures of what they did."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.atomic import write_atomically
from autograder.course.picture import Picture

FOLDER = "evidence"
_SCHEMA = 1


@dataclass(frozen=True)
class Evidence:
    """What is kept of a submission.

    Attributes:
        digest: the result's; evidence of another digest is that of an earlier submission.
        cells: the student's text of each solution cell that was handed in, by its ``grade_id``.
        pictures: what was seen of an exercise, where that is to be drawn, by its key.
    """

    digest: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)


def evidence_path(folder: Path, name: str) -> Path:
    """Where it lies in the results' folder, for the result of that file name without ``.json``."""
    return folder / FOLDER / f"{name}.json"


def keep_evidence(path: Path, evidence: Evidence) -> None:
    """Write it, unless it is there already, or there is nothing to keep.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    if not evidence.cells or read_evidence(path, evidence.digest) == evidence:
        return
    path.parent.mkdir(exist_ok=True)
    data = {
        "schema": _SCHEMA,
        "digest": evidence.digest,
        "cells": dict(evidence.cells),
        "pictures": {key: asdict(picture) for key, picture in evidence.pictures.items()},
    }
    # As ASCII: a student's text may hold halves of characters, which no file can.
    write_atomically(path, json.dumps(data))


def read_evidence(path: Path, digest: str) -> Evidence:
    """What is kept for the result of that digest; nothing where there is nothing usable."""
    try:
        data = json.loads(path.read_bytes())
        cells = {str(name): text for name, text in data["cells"].items() if isinstance(text, str)}
        if (data["schema"], data["digest"]) == (_SCHEMA, digest):
            return Evidence(digest, cells, _pictures(data.get("pictures")))
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        pass  # a page is poorer for it, and no mark is another
    return Evidence()


def _pictures(kept: Any) -> Mapping[str, Picture]:
    try:
        return {str(key): Picture(one["kind"], _series(one["series"])) for key, one in kept.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _series(kept: Mapping[str, list[float]]) -> Mapping[str, tuple[float, ...]]:
    return {name: tuple(numbers) for name, numbers in kept.items()}
