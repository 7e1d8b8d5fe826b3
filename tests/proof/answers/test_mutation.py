"""Mistakes made by machine: one change each, in the words of the lines that it concerns."""

import ast
from pathlib import Path

import pytest

from autograder.errors import UsageError
from proof.answers.catalogue import read_solution
from proof.answers.mutation.equivalents import FILE, Equivalent, read_equivalents
from proof.answers.mutation.mutants import Mutant, mutants
from proof.checkout import checkout

CELLS = read_solution(checkout())

TRAIN = """
def train(model, data, epochs=20):
    opt = make(model)
    for x in data:
        opt.zero_grad()
        loss = (x - model(x)).sum()
        loss.backward()
        count += 1
    return model
"""


def changes(source: str) -> set[tuple[str, str]]:
    return {(one.was, one.now) for one in mutants("cell", source)}


@pytest.mark.parametrize(
    ("source", "was", "now"),
    [
        ("a = f(512, 2)", "a = f(512, 2)", "a = f(256, 2)"),
        ("a = f(512, 2)", "a = f(512, 2)", "a = f(512, 3)"),
        ("a = f(0.5)", "a = f(0.5)", "a = f(1.0)"),
        ("a = f(0.5)", "a = f(0.5)", "a = f(-0.5)"),
        ("a = b - c", "a = b - c", "a = b + c"),
        ("a = b - c", "a = b - c", "a = c - b"),
        ("a = b - c", "a = b - c", "a = c"),
        ("a = b ** 2", "a = b ** 2", "a = b * 2"),
        ("a = -b", "a = -b", "a = b"),
        ("a = F.relu(b)", "a = F.relu(b)", "a = b"),
        ("a = F.relu(b)", "a = F.relu(b)", "a = F.tanh(b)"),
        ("a = F.relu(b)", "a = F.relu(b)", "a = F.relu(F.relu(b))"),
        ("a = b.sum()", "a = b.sum()", "a = b.mean()"),
        ("a = b.sum()", "a = b.sum()", "a = b.sum(-1)"),
        ("a = b.sum()", "a = b.sum()", "a = b"),
        ("a = flatten(b, start_dim=1)", "a = flatten(b, start_dim=1)", "a = flatten(b)"),
        ("a = b + c", "a = b + c", "a = (b + c).detach()"),
        ("a = b + c", "a = b + c", "a = (b + c).item()"),
        (TRAIN, "loss = (x - model(x)).sum()", "loss = (x - model(x.detach())).sum()"),
        (TRAIN, "loss = (x - model(x)).sum()", "loss = (x - model(data)).sum()"),
        (TRAIN, "opt.zero_grad()", "model.zero_grad()"),
        (TRAIN, "opt.zero_grad()", "opt.backward()"),
        (TRAIN, "loss.backward()", "pass"),
        (TRAIN, "count += 1", "count = 1"),
        (TRAIN, "", "break"),
        (TRAIN, "return model", "return model"),
        (TRAIN, "opt = make(model)", "opt = make(model)"),
    ],
)
def test_a_mistake_that_students_make_is_among_the_mutants(source: str, was: str, now: str) -> None:
    assert (was, now) in changes(source)


def test_a_line_may_be_moved_into_the_loop_and_out_of_it() -> None:
    texts = [one.source for one in mutants("cell", TRAIN)]
    assert any("        count += 1\n        return model" in text for text in texts)
    assert any("    for x in data:\n        opt = make(model)" in text for text in texts)
    assert any("        loss.backward()\n    count += 1" in text for text in texts)


@pytest.mark.parametrize("cell", CELLS)
def test_every_mutant_of_the_solution_is_another_text_that_compiles(cell: str) -> None:
    made = mutants(cell, CELLS[cell])
    texts = [ast.dump(ast.parse(one.source)) for one in made]
    assert len(set(texts)) == len(texts) > 50
    assert ast.dump(ast.parse(CELLS[cell])) not in texts
    assert made == mutants(cell, CELLS[cell])


def mutant(**fields: str) -> Mutant:
    return Mutant(**{"cell": "kl", "operator": "other_call", "was": "a = 1", "now": "a = 2", "source": "", **fields})


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"cells": ("kl", "train")}, True),
        ({"cells": ("train",)}, False),
        ({"operators": ("other_call",)}, True),
        ({"operators": ("line_twice",)}, False),
        ({"was": ("a =",)}, True),
        ({"was": ("b =",)}, False),
        ({"now": ("a = 2",)}, True),
        ({"now": ("a = 3",), "was": ("a =",)}, False),
    ],
)
def test_an_equivalent_fits_where_all_that_it_says_fits(fields: dict[str, tuple[str, ...]], fits: bool) -> None:
    assert Equivalent("because", **fields).fits(mutant()) is fits


def test_every_equivalent_has_a_reason_and_says_which_mutants_it_means() -> None:
    for one in read_equivalents(checkout()):
        assert len(one.why) > 20
        assert one.operators or one.was or one.now


@pytest.mark.parametrize("text", ["[[equivalent]]", "equivalent = 3", "[[equivalent"])
def test_a_list_that_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="does not list equivalent mutants"):
        read_equivalents(tmp_path)
