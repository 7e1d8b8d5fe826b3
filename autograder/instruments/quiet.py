"""Trying student code without a trace in the process: output, warnings, random states, models, plots."""

import copy
import os
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import IO, Any

import numpy as np
import torch
from torch import nn

from autograder.instruments.exact import exact_arithmetic


@contextmanager
def silence() -> Iterator[None]:
    """Swallow what is printed or warned inside, by Python code and below it."""
    with Path(os.devnull).open("w", encoding="utf-8", errors="replace") as sink, ExitStack() as stack:
        stack.enter_context(_descriptors_into(sink))
        stack.enter_context(redirect_stdout(sink))
        stack.enter_context(redirect_stderr(sink))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _descriptors_into(sink: IO[str]) -> Iterator[None]:
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [(number, os.dup(number)) for number in (1, 2)]
    try:
        for number, _ in kept:
            os.dup2(sink.fileno(), number)
        yield
    finally:
        for number, original in kept:
            os.dup2(original, number)
            os.close(original)


@contextmanager
def random_states_kept() -> Iterator[None]:
    """Leave the random states of torch, NumPy and Python as they were."""
    states = torch.get_rng_state(), np.random.get_state(), random.getstate()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    try:
        yield
    finally:
        torch.set_rng_state(states[0])
        np.random.set_state(states[1])
        random.setstate(states[2])
        if cuda:
            torch.cuda.set_rng_state_all(cuda)


@contextmanager
def models_kept(names: dict[str, Any]) -> Iterator[None]:
    """Leave the modules that the names hold as they were: parameters, buffers, gradients and mode."""
    modules = {id(value): value for value in list(names.values()) if isinstance(value, nn.Module)}
    kept = [(module, copy.deepcopy(module.state_dict()), module.training) for module in modules.values()]
    gradients = [
        (parameter, None if parameter.grad is None else parameter.grad.clone())
        for module in modules.values()
        for parameter in module.parameters()
    ]
    try:
        yield
    finally:
        for module, state, training in kept:
            module.load_state_dict(state)
            module.train(training)
        for parameter, gradient in gradients:
            parameter.grad = gradient


@contextmanager
def without_trace(names: dict[str, Any]) -> Iterator[None]:
    """All of the above, in full float32."""
    with silence(), random_states_kept(), models_kept(names), exact_arithmetic():
        yield
