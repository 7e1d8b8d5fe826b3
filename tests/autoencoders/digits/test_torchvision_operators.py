"""Importing torchvision where its compiled operators load, where they do not, and where it fails for another reason.

A miniature torchvision stands in for the real one, so that all cases are tried on any machine.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograder

CHECKOUT = Path(autograder.__file__).parents[1]

# As in the real package: submodules are imported first, then the operators are looked up.
LOOKS_OPERATORS_UP = """
import torch
import torchvision.extension
torchvision.extension.checked = True

@torch.library.register_fake("torchvision::nms")
def nms(dets, scores, iou_threshold): ...

@torch.library.register_fake("torchvision::qnms")
def qnms(dets, scores, iou_threshold): ...

finished = True
"""
DEFINES_OPERATORS = """
import torch
library = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs Python code beside a torchvision whose files it is given; any warning is an error."""

    def run_code(code, files):
        (tmp_path / "torchvision").mkdir()
        for name, content in files.items():
            (tmp_path / "torchvision" / name).write_text(content)
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{CHECKOUT}")
        # Importing it as part of the package could import the real torchvision; the module is what is tried here.
        load = (
            "import importlib.util, sys\n"
            f"spec = importlib.util.spec_from_file_location('operators', {OPERATORS!r})\n"
            "operators = importlib.util.module_from_spec(spec); spec.loader.exec_module(operators)\n"
        )
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", load + code], capture_output=True, text=True, check=False
        )

    return run_code


OPERATORS = str(CHECKOUT / "autograder" / "instruments" / "torchvision_operators.py")
BROKEN = {"__init__.py": LOOKS_OPERATORS_UP, "extension.py": ""}
WHOLE = {"__init__.py": LOOKS_OPERATORS_UP, "extension.py": DEFINES_OPERATORS}


def assert_prints(outcome, text):
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, text, "")


def test_missing_operators_are_declared_once_however_often_that_is_asked_for(run):
    code = "operators.make_importable(); import gc, torch, torchvision; first = torchvision; gc.collect()\n"
    code += "operators.make_importable(); import torchvision\n"
    code += "print(torchvision is first, torchvision.finished, torchvision.extension.checked)\n"
    code += "print(torch.ops.torchvision.qnms.default._schema)"
    schema = "torchvision::qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
    assert_prints(run(code, BROKEN), f"True True True\n{schema}\n")


def test_plain_import_fails_and_does_no_harm(run):
    code = "try:\n    import torchvision\nexcept RuntimeError as error:\n    print(error)\n"
    code += "operators.make_importable()\nimport torchvision\nprint(torchvision.finished)"
    outcome = run(code, BROKEN)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert "torchvision::nms does not exist" in outcome.stdout
    assert outcome.stdout.endswith("\nTrue\n")


def test_operators_that_load_are_left_alone(run):
    # A second definition of an operator raises.
    code = "operators.make_importable(); import torchvision; print(torchvision.finished)\n"
    assert_prints(run(code + "torchvision.extension.library.define('other(Tensor x) -> Tensor')", WHOLE), "True\n")


@pytest.mark.parametrize(
    ("init", "complaint"),
    [("raise RuntimeError('CUDA versions differ')", "CUDA versions differ"), ("import nowhere", "nowhere")],
    ids=["another-error", "another-import"],
)
def test_other_failures_are_not_hidden(run, init, complaint):
    outcome = run("operators.make_importable()", {"__init__.py": f"print('tried')\n{init}"})
    assert (outcome.returncode, outcome.stdout) == (1, "tried\n")
    assert complaint in outcome.stderr


def test_real_torchvision_imports_after_the_package_without_a_word(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    code = "from autograder.datasets import MNIST; import torchvision; from torchvision import transforms, utils"
    outcome = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert_prints(outcome, "")
