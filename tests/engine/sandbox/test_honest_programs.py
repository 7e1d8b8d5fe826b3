"""Nothing that honest code does is refused: the solution trained and plotted, and every right answer that is known."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from proof.checkout import checkout

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's"),
    pytest.mark.slow,
]

START = """
import json, sys
import torch
from autograder.course.installed import own_course
from autograder.datasets import MNIST
from autograder.engine.sandbox.refusals import refusals
from autograder.engine.worker.worker import preload
preload(own_course())
done = []
"""
SOLUTION = """
MNIST("./data"), MNIST("./data", train=False)
cells = json.load(open(sys.argv[1]))["cells"]
def program():
    torch.set_num_threads(2)
    names = {"__name__": "__main__"}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]).replace("epochs=5)", "epochs=1)"), names)
            done.append(cell["id"])
"""
# Networks of other layers are not followed to their end: that takes seconds each, and only computes.
RIGHT_ANSWERS = """
from answers import answers, judge_source
from autograder.autoencoders.networks import observe_line
observe_line._SECONDS = 0.1
def program():
    for answer in answers():
        if answer.right:
            result = judge_source(answer.exercise, answer.source, seed=11)
            assert answer.seeds or result.points == result.max_points, answer.name
            done.append(answer.name)
"""
END = """
refused = refusals(program)
print("\\n" + json.dumps([len(done), refused]))
"""


@pytest.mark.parametrize(("program", "least"), [(SOLUTION, 30), (RIGHT_ANSWERS, 90)], ids=["solution", "right answers"])
def test_nothing_honest_is_refused(tmp_path: Path, program: str, least: int) -> None:
    notebook = checkout() / "solutions" / "autoencoders" / "autoencoders.ipynb"
    command = [sys.executable, "-c", START + program + END, str(notebook)]
    path = {"PYTHONPATH": str(checkout() / "tests"), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tmp_path), "PATH": ""}
    ran = subprocess.run(command, cwd=tmp_path, env=path, capture_output=True, text=True, check=True)
    done, refused = json.loads(ran.stdout.splitlines()[-1])
    assert (done >= least, refused) == (True, []), ran.stderr[-2000:]
