"""What stands in for the notebook's own things: nothing but the device."""

from collections.abc import Mapping
from typing import Any

from autograder.instruments.calling import Workspace


def make(workspace: Workspace) -> Mapping[str, Any]:
    """The device that student code runs on."""
    return {"device": workspace.device}


def prepare() -> None:
    """Nothing is worth making ahead."""
