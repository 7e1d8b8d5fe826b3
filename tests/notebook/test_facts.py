"""``facts``: what goes with a question to the teacher."""

import platform
import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.notebook import facts, kernel

Make = Callable[[str], Any]


@pytest.fixture
def told(notebook: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, str]]:
    """The facts about a notebook in which one cell has run, by name."""

    def tell(source: str) -> dict[str, str]:
        made = notebook(source)
        monkeypatch.setattr(kernel, "names", lambda: made.names)
        facts()
        html, text = made.cards[0]
        assert html.startswith("<details")
        assert "torch" in html
        return {name: said.strip() for name, _, said in (line.partition("  ") for line in text.splitlines())}

    return tell


def test_versions_device_and_places_are_told(told: Callable[[str], dict[str, str]]) -> None:
    said = told("device = 'cpu'")
    assert said["python"] == platform.python_version()
    assert torch.__version__ in said["torch"]
    assert said["device"] == "cpu"
    assert said["kernel"] == sys.executable


def test_what_the_exercises_define_is_told(told: Callable[[str], dict[str, str]]) -> None:
    said = told("class Encoder: ...\ntrain = 3")
    assert said["Encoder"] == "a class"
    assert said["train"] == "of type int"
    assert said["Decoder"] == "not there"


def test_overwritten_names_are_told_with_the_way_back(told: Callable[[str], dict[str, str]]) -> None:
    said = told("check = 3\nimport numpy as np\nplt = 'plot'")
    assert said["check"] == "overwritten, now of type int (`from autograder import check` brings it back)"
    assert said["plt"] == "overwritten, now of type str (`import matplotlib.pyplot as plt` brings it back)"
    assert "np" not in said


def test_last_error_is_told(told: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "last_value", NameError("name 'x' is not defined"), raising=False)
    assert told("pass")["last error"] == "NameError: name 'x' is not defined"


def test_a_library_under_the_name_of_another_is_told(told: Callable[[str], dict[str, str]]) -> None:
    said = told("import torch.nn.functional as nn")
    assert said["nn"] == "overwritten, now of type module (`import torch.nn as nn` brings it back)"
