"""The autograder is hardly noticed beside the libraries that the notebook imports anyway."""

import subprocess
import sys

import pytest

LIBRARIES = """
import time
from autograder.instruments.torchvision_operators import make_importable
make_importable()
import torch, torch.utils.data, torch.distributions, torchvision, numpy, matplotlib.pyplot
"""
CHECKED = "from autograder import check; check('encoder')\n"
TOLD = "print(time.process_time())"

# Prints how long the import took, and whose modules it brought; IPython and pyplot are for whoever draws or shows.
IMPORTED = """
import sys, time
from autograder.instruments.torchvision_operators import make_importable
make_importable()
import torch, torchvision, matplotlib
known, started = set(sys.modules), time.process_time()
from autograder import check, drill, facts, hint, progress
print(time.process_time() - started)
print(*{name.partition(".")[0] for name in set(sys.modules) - known} - sys.stdlib_module_names - known)
"""

# Prints after the import and after each of two checks how often torch's dispatch modes have run.
MODES_COUNTED = """
from torch.utils._python_dispatch import TorchDispatchMode
enter, entered = TorchDispatchMode.__enter__, []
TorchDispatchMode.__enter__ = lambda mode: entered.append(mode) or enter(mode)
from autograder import check, drill, facts, hint, progress
print(len(entered))
for _ in range(2):
    check("encoder")
    print(len(entered))
"""


def run(code: str) -> list[str]:
    """What a process of its own prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_warming_up_waits_for_the_first_check_and_happens_once() -> None:
    imported, first, second = (int(line) for line in run(MODES_COUNTED) if line.isdecimal())
    assert imported == 0
    assert first > 0
    assert second == first


def test_an_import_takes_little_more_than_the_libraries_that_the_notebook_imports() -> None:
    seconds, packages = run(IMPORTED)
    assert float(seconds) < 0.3
    assert set(packages.split()) <= {"autograder", "markupsafe", "threadpoolctl"}


@pytest.mark.slow
def test_imports_and_a_first_check_take_little_more_than_the_libraries() -> None:
    def seconds(code: str) -> float:
        return float(run(code)[-1])

    libraries, with_check = [seconds(LIBRARIES + TOLD)], [seconds(LIBRARIES + CHECKED + TOLD)]
    if min(with_check) >= 1.3 * min(libraries):  # a busy machine: the better of two
        libraries.append(seconds(LIBRARIES + TOLD))
        with_check.append(seconds(LIBRARIES + CHECKED + TOLD))
    assert min(with_check) < 1.3 * min(libraries)
