"""Notebooks that end, flood or mislead what runs them; the honest and the untouched one are among them."""

import json

from submissions import Notebook, add, fill, right, stub

from odd.case import EVERYTHING, NOTHING, Case

NAN = """
class Encoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.linear1 = nn.Linear(784, 512)
        self.linear2 = nn.Linear(512, latent_dims)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(torch.flatten(x, start_dim=1)))) * float("nan")
"""


def checks_that_return(text: str, notebook: Notebook) -> Notebook:
    """With another text in every test cell, and the output that goes with it."""
    for one in notebook["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade"):
            one["source"] = text
            one["outputs"] = [
                {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, "execution_count": 1}
            ]
    return notebook


def at_the_top(source: str) -> Notebook:
    return add(right(), source, "picture_autoencoder")


TRICKS = {
    "honest": Case(right, NOTHING),
    "untouched": Case(stub, EVERYTHING),
    "killed": Case(
        lambda: fill(right(), "encoder", "import os\nos._exit(0)"),
        {"encoder": (0.0, "error")},
        ("ended",),
        flags=("os",),
    ),
    "killed-later": Case(
        lambda: add(right(), "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "interpolate"),
        NOTHING,
        flags=("signal",),
    ),
    "checks-that-return-99": Case(lambda: checks_that_return("99", stub()), EVERYTHING),
    "checks-that-return-nan": Case(lambda: checks_that_return("float('nan')", stub()), EVERYTHING),
    "checks-that-raise": Case(lambda: checks_that_return("raise SystemExit", right()), NOTHING),
    "a-check-of-its-own": Case(lambda: at_the_top("def check(key):\n    return 99.0"), NOTHING),
    "nan": Case(lambda: fill(right(), "encoder", NAN), {"encoder": (0.0, "failed")}),
    "recursion": Case(lambda: at_the_top("def f():\n    return f()\nf()"), NOTHING),
    "too-much-memory": Case(lambda: at_the_top("x = torch.ones(10 ** 12)"), NOTHING),
    "prints-without-end": Case(lambda: at_the_top("for i in range(100_000):\n    print('x' * 1000)"), NOTHING),
    "complains": Case(
        lambda: at_the_top("import sys, warnings\nprint('no', file=sys.stderr)\nwarnings.warn('never')"), NOTHING
    ),
    "builtins-overwritten": Case(lambda: at_the_top("sum = 0\nmax = min = 1\nlist = []\nid = input = None"), NOTHING),
    "everything-in-doubles": Case(lambda: at_the_top("torch.set_default_dtype(torch.float64)"), NOTHING),
    "too-much-code": Case(
        lambda: at_the_top("x = '" + "a" * 1_100_000 + "'"), EVERYTHING, ("characters of code, more than the",)
    ),
    "too-many-cells": Case(
        lambda: json.dumps({**right(), "cells": right()["cells"] * 40}).encode(), EVERYTHING, ("more than the 2,000",)
    ),
}
