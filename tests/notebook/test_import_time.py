"""The autograder is hardly noticed beside the libraries that the notebook imports anyway."""

import json
import subprocess
import sys
from typing import Any

import pytest

LIBRARIES = """
import time
from autograder.instruments.torchvision_operators import make_importable
make_importable()
import torch, torch.utils.data, torch.distributions, torchvision, numpy, matplotlib.pyplot
"""
CHECKED = "from autograder import check; check('encoder')\n"
TOLD = "print(time.process_time())"

# Tells how long the import took, and whose modules it brought; IPython and pyplot are for whoever draws or shows. Then,
# after the import and after each of two checks, how often torch's dispatch modes have run.
IMPORTED = """
import json, sys, time
from autograder.instruments.torchvision_operators import make_importable
make_importable()
import torch, torchvision, matplotlib
from torch.utils._python_dispatch import TorchDispatchMode
enter, entered = TorchDispatchMode.__enter__, []
TorchDispatchMode.__enter__ = lambda mode: entered.append(mode) or enter(mode)
known, started = set(sys.modules), time.process_time()
from autograder import check, drill, facts, hint, progress
seconds = time.process_time() - started
packages = {name.partition(".")[0] for name in set(sys.modules) - known} - sys.stdlib_module_names - known
modes = [len(entered)]
for _ in range(2):
    check("encoder")
    modes.append(len(entered))
print(json.dumps({"seconds": seconds, "packages": sorted(packages), "modes": modes}))
"""


def run(code: str) -> list[str]:
    """What a process of its own prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What a process tells that has imported the package and checked twice."""
    found: dict[str, Any] = json.loads(run(IMPORTED)[-1])
    return found


def test_warming_up_waits_for_the_first_check_and_happens_once(told: dict[str, Any]) -> None:
    imported, first, second = told["modes"]
    assert imported == 0
    assert first > 0
    assert second == first


def test_an_import_takes_little_more_than_the_libraries_that_the_notebook_imports(
    told: dict[str, Any],
) -> None:
    assert told["seconds"] < 0.3
    assert set(told["packages"]) <= {"autograder", "markupsafe", "threadpoolctl"}


@pytest.mark.slow
def test_imports_and_a_first_check_take_little_more_than_the_libraries() -> None:
    def seconds(code: str) -> float:
        return float(run(code)[-1])

    libraries, with_check = [seconds(LIBRARIES + TOLD)], [seconds(LIBRARIES + CHECKED + TOLD)]
    if min(with_check) >= 1.3 * min(libraries):  # a busy machine: the better of two
        libraries.append(seconds(LIBRARIES + TOLD))
        with_check.append(seconds(LIBRARIES + CHECKED + TOLD))
    assert min(with_check) < 1.3 * min(libraries)
