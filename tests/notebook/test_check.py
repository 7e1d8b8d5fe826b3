"""``check``: a plain float, a card, and no trace in the student's notebook."""

import json
import random
import time
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.course import UnknownExercise
from autograder.notebook import check, kernel, progress

Make = Callable[[str], object]
Source = Callable[[str, str], str]


def test_right_answer_gives_all_points_as_a_plain_float(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "as in the notebook"))
    points = check("encoder")
    assert type(points) is float
    assert points == 2.0
    (html, text) = made.cards[0]
    assert "2 of 2" in html
    assert "2 of 2" in text


def test_mistake_is_told_on_the_card(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "no hidden activation"))
    assert check("encoder") == 1.0
    (html, text) = made.cards[0]
    for shown in (html, text):
        assert "purely linear function" in shown


def test_card_offers_the_hint_for_the_mistake(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "no hidden activation"))
    check("encoder")
    (html, text) = made.cards[0]
    assert 'Stuck? <code>hint("encoder", 3)</code> may help; hints are free.' in html
    assert text.splitlines()[-1] == '  Stuck? hint("encoder", 3) may help; hints are free.'


def test_card_names_the_part_to_reread_and_links_to_it(notebook: Make, answer: Source) -> None:
    made = notebook(answer("train_vae", "one batch only") + answer("encoder", "no hidden activation"))
    check("train_vae")
    check("encoder")
    (loop, loop_text), (encoder, encoder_text) = made.cards
    assert "To reread: Part 3: Training the autoencoder" in loop_text
    assert 'href="#Part-3:-Training-the-autoencoder"' in loop
    assert "To reread: Exercise 1: The encoder" in encoder_text
    assert ">Exercise 1: The encoder</a>" in encoder


def test_other_ways_are_told_once_the_answer_is_right(notebook: Make, answer: Source) -> None:
    made = notebook(answer("kl", "the blog's form") + answer("encoder", "no hidden activation"))
    check("kl")
    check("encoder")
    assert "Other ways to write it" in made.cards[0][0]
    assert "Other ways to write it" not in made.cards[1][0]


def test_nothing_is_to_be_reread_where_all_is_right(notebook: Make, answer: Source) -> None:
    made = notebook(answer("kl", "the blog's form"))
    check("kl")
    assert "reread" not in "".join(made.cards[0])


def test_of_several_mistakes_the_first_hint_is_offered(notebook: Make, answer: Source) -> None:
    source = answer("encoder", "no hidden activation")
    flat = source.replace("x.flatten(1)", "x")
    assert flat != source
    made = notebook(flat)
    check("encoder")
    assert 'hint("encoder", 1) may help' in made.cards[0][1]


def test_after_an_error_of_python_the_hint_about_such_errors_is_offered(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "no hidden activation").replace("x.flatten(1)", "X.flatten(1)"))
    check("encoder")
    html, text = made.cards[0]
    assert 'Stuck? hint("encoder") shows how such a mistake is found; hints are free.' in text
    assert '<code>hint("encoder")</code> shows how such a mistake is found' in html


def test_no_hint_is_offered_for_what_is_right_or_not_begun(notebook: Make, answer: Source) -> None:
    made = notebook(answer("kl", "the blog's form"))
    assert check("kl") == 2.0
    check("encoder")
    (right, right_text), (absent, absent_text) = made.cards
    assert "Stuck?" not in right + right_text + absent_text
    assert 'Stuck? <code>hint("encoder")</code> opens a hint' in absent


def test_validate_is_told_why_a_check_is_not_all_right(
    notebook: Make, answer: Source, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook(answer("kl", "the blog's form") + answer("encoder", "no hidden activation"))
    check("encoder")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    check("kl")
    assert capsys.readouterr().err == ""
    check("encoder")
    said = capsys.readouterr().err
    assert said.startswith("Encoder: partly right, 1 of 2\n")
    assert "purely linear function" in said
    assert max(map(len, said.splitlines())) <= 82


@pytest.mark.parametrize("key", AUTOENCODERS.keys)
def test_released_notebook_is_not_attempted(notebook: Make, key: str) -> None:
    solutions = "\n\n".join(cell.source for cell in AUTOENCODERS.release.cells if cell.solution)
    made = notebook(solutions)
    assert check(key) == 0.0
    assert "not attempted yet" in made.cards[0][1]


@pytest.mark.parametrize("key", AUTOENCODERS.keys)
def test_name_that_is_not_there_is_not_attempted(notebook: Make, key: str) -> None:
    made = notebook("pass")
    assert check(key) == 0.0
    assert "not attempted yet" in made.cards[0][1]


def test_unknown_exercise_names_the_known_ones(notebook: Make) -> None:
    notebook("pass")
    with pytest.raises(UnknownExercise, match="encoder, decoder") as raised:
        check("encodr")
    assert raised.value._render_traceback_() == [str(raised.value)]  # what Jupyter shows


def test_same_seed_same_card(notebook: Make, answer: Source) -> None:
    made = notebook(answer("kl", "odd coefficient"))
    check("kl", seed=5)
    check("kl", seed=5)
    assert made.cards[0] == made.cards[1]


def test_student_code_draws_the_same_for_the_same_seed(notebook: Make) -> None:
    made = notebook(
        "import random\ndrawn = []\nclass Encoder(nn.Module):\n    def __init__(self, size):\n"
        "        drawn.append((torch.rand(1).item(), np.random.rand(), random.random()))\n"
    )
    drawn = made.names["drawn"]
    check("encoder", seed=5)
    once = len(drawn)
    for draw in (torch.rand, np.random.rand, random.betavariate):
        draw(1, 1)
    check("encoder", seed=5)
    assert once > 0
    assert drawn[once:] == drawn[:once]


def test_nothing_is_printed_and_nothing_is_warned(
    notebook: Make, answer: Source, capfd: pytest.CaptureFixture[str]
) -> None:
    notebook(answer("encoder", "prints and warns"))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert check("encoder") == 2.0
    assert warned == []
    assert capfd.readouterr() == ("", "")


def test_output_below_python_is_swallowed_too(notebook: Make, capfd: pytest.CaptureFixture[str]) -> None:
    notebook("import os\nclass Encoder(nn.Module):\n    def __init__(self, size):\n        os.write(2, b'loud')\n")
    check("encoder")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("key", AUTOENCODERS.keys)
def test_random_states_stay_as_they_were(notebook: Make, answer: Source, key: str) -> None:
    notebook(answer("variational_encoder", "seed set in forward") + answer("train", "as in the notebook"))
    torch.manual_seed(3)
    np.random.seed(3)
    random.seed(3)
    expected = torch.rand(1).item(), np.random.rand(), random.random()
    torch.manual_seed(3)
    np.random.seed(3)
    random.seed(3)
    check(key)
    assert (torch.rand(1).item(), np.random.rand(), random.random()) == expected


def test_global_model_is_not_trained_by_the_check(notebook: Make, answer: Source) -> None:
    made = notebook(answer("train", "the global model"))
    model = torch.nn.Linear(2, 2)
    made.names["autoencoder"] = model
    before = model.weight.clone()
    check("train")
    assert torch.equal(model.weight, before)
    assert made.names["autoencoder"] is model


def test_any_other_model_of_the_notebook_stays_as_it_was(notebook: Make) -> None:
    made = notebook(
        "my_model = nn.Linear(3, 3)\n"
        "def train(autoencoder, data, epochs=20):\n"
        "    with torch.no_grad():\n"
        "        my_model.weight.zero_()\n"
        "    my_model.eval()\n"
    )
    before = made.names["my_model"].weight.clone()
    check("train")
    assert torch.equal(made.names["my_model"].weight, before)
    assert made.names["my_model"].training


def test_gradients_of_the_notebooks_models_stay_as_they_were(notebook: Make) -> None:
    made = notebook(
        "trained, fresh = nn.Linear(3, 3), nn.Linear(3, 3)\n"
        "trained(torch.ones(1, 3)).sum().backward()\n"
        "def train(autoencoder, data, epochs=20):\n"
        "    trained.weight.grad.zero_()\n"
        "    trained.bias.grad = None\n"
        "    fresh(torch.ones(1, 3)).sum().backward()\n"
    )
    trained, fresh = made.names["trained"], made.names["fresh"]
    before = [parameter.grad.clone() for parameter in trained.parameters()]
    check("train")
    assert [torch.equal(p.grad, g) for p, g in zip(trained.parameters(), before, strict=True)] == [True, True]
    assert [parameter.grad for parameter in fresh.parameters()] == [None, None]


def test_plots_do_not_show_up_or_stay(notebook: Make, answer: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook(answer("interpolate", "stack"))
    shown: list[object] = []
    monkeypatch.setattr(plt, "show", lambda *args: shown.append(args))
    show = plt.show
    mine = plt.figure()
    try:
        assert check("interpolate") == 2.0
        assert shown == []
        assert plt.show is show
        assert plt.get_fignums() == [mine.number]
        assert plt.gcf() is mine
    finally:
        plt.close(mine)


def test_code_that_asks_for_the_notebooks_device_is_checked_on_the_probes(notebook: Make, answer: Source) -> None:
    asks = answer("encoder", "as in the notebook").replace("torch.flatten(x,", "torch.flatten(x.to(device),")
    assert "to(device)" in asks
    made = notebook("device = 'mps'\n" + asks)  # a device that the machine of this test does not have
    assert check("encoder") == 2.0
    assert made.names["device"] == "mps"


def test_a_gpu_that_is_not_there_is_not_asked_for(
    notebook: Make, answer: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = kernel.workspace
    notebook("device = 'cuda'\n" + answer("encoder", "as in the notebook"))
    monkeypatch.setattr(kernel, "workspace", workspace)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert check("encoder") == 2.0


def test_a_library_overwritten_before_the_class_is_named(notebook: Make) -> None:
    made = notebook("nn = 5")
    check("encoder")
    assert all("is not torch.nn any more" in card for card in made.cards[0])


def test_gradients_switched_off_in_the_notebook_do_not_matter(notebook: Make, answer: Source) -> None:
    notebook(answer("train", "as in the notebook"))
    with torch.no_grad():
        assert check("train") == 2.0
        assert not torch.is_grad_enabled()


@pytest.mark.parametrize(
    "trap",
    ["raise KeyError('x')", "raise SystemExit", "1/0", "exit()", "return object()"],
    ids=["KeyError", "SystemExit", "ZeroDivisionError", "exit", "an-object"],
)
def test_check_never_raises_on_what_student_code_does(notebook: Make, trap: str) -> None:
    notebook(
        "class Encoder(nn.Module):\n"
        "    def __init__(self, size):\n        super().__init__()\n"
        f"    def forward(self, x):\n        {trap}\n"
        "    def parameters(self, recurse=True):\n        raise ValueError('mine')\n"
    )
    assert check("encoder") == 0.0


def test_huge_module_is_refused_kindly(notebook: Make) -> None:
    made = notebook(
        "class Encoder(nn.Module):\n"
        "    def __init__(self, size):\n        super().__init__()\n"
        "        self.w = nn.Parameter(torch.zeros(9_000_000))\n"
        "    def forward(self, x):\n        return x\n"
    )
    assert check("encoder") == 0.0
    assert "9,000,000 parameters" in made.cards[0][1]


def test_message_is_escaped_in_html(notebook: Make) -> None:
    made = notebook(
        "class Encoder(nn.Module):\n"
        "    def __init__(self, size):\n        raise ValueError('<script>alert(1)</script>\\x1b[31m')\n"
    )
    check("encoder")
    html, text = made.cards[0]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in text


def test_progress_shows_every_exercise(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "as in the notebook") + answer("interpolate", "i over n"))
    progress()
    text = made.cards[0][1]
    assert "3.5 of 15 points" in text
    assert text.count("not attempted yet") == 5


def test_progress_counts_as_the_instructors_notebook_does(notebook: Make, answer: Source, tmp_path: Path) -> None:
    made = notebook(answer("encoder", "as in the notebook") + answer("interpolate", "i over n"))
    handed_out = json.loads(AUTOENCODERS.files["notebook"]().read_text(encoding="utf-8"))
    dropped = ("train_vae", "test_train_vae", "interpolate", "test_interpolate", "test_kl")
    cells = [one for one in handed_out["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") not in dropped]
    for one in cells:
        one["source"] = "".join(one["source"]).replace('check("encoder")', 'check("encoder", points=4)')
    (path := tmp_path / "mine.ipynb").write_text(json.dumps({**handed_out, "cells": cells}), encoding="utf-8")
    made.names["__vsc_ipynb_file__"] = str(path)
    progress()
    text = made.cards[0][1]
    assert "4 of 11 points" in text  # 4 + 2 + 2 + 3
    assert text.count("not attempted yet") == 3
    assert "Interpolat" not in text


def test_progress_counts_as_the_checks_have_where_the_file_is_not_known(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "as in the notebook"))
    check("encoder", points=4)
    progress()
    assert "4 of 17 points" in made.cards[1][1]


@pytest.mark.parametrize("key", AUTOENCODERS.keys)
def test_check_is_quick_once_warm(notebook: Make, key: str) -> None:
    sources = [answer for cell in AUTOENCODERS.release.cells if cell.solution for answer in [cell.source]]
    notebook("\n\n".join(sources))
    check(key)
    began = time.process_time()
    check(key)
    assert time.process_time() - began < 1.0


def test_a_library_whose_name_was_overwritten_is_named(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "as in the notebook") + "\nF = 3")
    check("encoder")
    html, text = made.cards[0]
    said = "is not torch.nn.functional any more, but of type int."
    assert said in text
    assert said in html
    assert "import torch.nn.functional as F" in html


def test_an_answer_that_is_right_without_the_library_hears_nothing_of_it(notebook: Make, answer: Source) -> None:
    made = notebook(answer("encoder", "as in the notebook") + "\nplt = 3")
    check("encoder")
    assert "any more" not in made.cards[0][1]


@pytest.mark.parametrize("surroundings", [torch.inference_mode, torch.no_grad, lambda: torch.device("meta")])
def test_what_stands_around_a_check_does_not_matter(
    notebook: Make, answer: Source, surroundings: Callable[[], AbstractContextManager[object]]
) -> None:
    notebook(answer("kl", "the blog's form"))
    with surroundings():
        before = torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_default_device()
        assert check("kl") == 2.0
        assert (torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_default_device()) == before
