"""Every mistake of Python that stops code has help, whose examples run."""

import pytest
import torch
from torch import nn

from autograder.course.error_help import ErrorHelp, help_with_error, help_with_mistake
from autograder.course.exercise import Kind
from autograder.course.python_mistakes import python_mistakes

# What their messages say is all there is to do.
CLEAR = {"raise-left-in", "unfinished", "name-replaced", "renamed", "too-slow", "process-ended"}
MISTAKES = [one.key for one in python_mistakes("output", "Net") if one.kind is Kind.MISTAKE and one.key not in CLEAR]
OF_LOOPS = ["batch-not-unpacked", "pair-without-brackets", "range-missing", "too-many-arguments", "model-unpacked"]
HELP = {one.title: one for one in [*map(help_with_mistake, MISTAKES + OF_LOOPS), help_with_error("SyntaxError")] if one}


@pytest.mark.parametrize("key", MISTAKES + OF_LOOPS)
def test_a_mistake_of_python_has_help(key: str) -> None:
    assert help_with_mistake(f"encoder/{key}") is help_with_mistake(key) is not None


def test_a_mistake_about_an_exercise_has_none() -> None:
    assert help_with_mistake("encoder/no-hidden-activation") is None
    assert help_with_mistake("encoder/raise-left-in") is None


def test_an_error_that_stops_a_cell_has_help_whatever_it_is() -> None:
    assert help_with_error("IndentationError") is help_with_error("SyntaxError")
    assert help_with_error("ZeroDivisionError").title == "Reading an error"


@pytest.mark.parametrize("shown", HELP.values(), ids=HELP)
def test_an_example_runs_and_texts_are_short(shown: ErrorHelp, capsys: pytest.CaptureFixture[str]) -> None:
    sound = torch.rand(1, 50)
    names = {"torch": torch, "nn": nn, "sound": sound, "a": sound, "b": 2 * sound}
    if "Amplifier(" in shown.code and "class Amp" not in shown.code:
        exec(help_with_mistake("no-self").code, names)
    exec(shown.code, names)
    if "class Amp" in shown.code:
        assert torch.equal(names["Amplifier"](2.0)(sound), 2 * sound)
    printed = capsys.readouterr().out.splitlines()
    assert all(line in shown.code for line in printed if line.startswith("torch.Size"))
    assert len(shown.text) <= 300
