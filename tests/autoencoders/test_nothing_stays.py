"""What an exercise was judged with goes with it: a kernel in which students check for hours does not grow."""

import gc

import pytest
import torch
from answers import judge_source
from proof.answers.catalogue import read_solution
from proof.checkout import checkout

from autograder.autoencoders.course import AUTOENCODERS


def tensors_alive() -> int:
    gc.collect()
    # Not ``isinstance``: it asks some of PyTorch's deprecated objects for their class, which warns.
    return sum(issubclass(type(one), torch.Tensor) for one in gc.get_objects())


@pytest.mark.parametrize("key", [exercise.key for exercise in AUTOENCODERS.exercises])
def test_no_tensor_of_a_check_outlives_it(key: str) -> None:
    source = read_solution(checkout())[AUTOENCODERS.exercise(key).cell]
    judge_source(key, source, 11)
    before = tensors_alive()
    for seed in (12, 13, 14):
        judge_source(key, source, seed)
    assert tensors_alive() <= before + 10
