"""Grading on another device than the CPU: the same verdicts where there is one, a clear word where there is none."""

from pathlib import Path

import pytest
import torch
from submissions import fill, right, save

from autograder.course.installed import own_course
from autograder.engine.channel import DeviceMissing
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.reports.result import Result
from autograder.submissions.submission import read_submission

NO_RELU = """
class Encoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.Linear(512, latent_dims))

    def forward(self, x):
        return self.layers(x)
"""


def graded(folder: Path, source: str | None, device: str, level: Level = Level.BEST) -> Result:
    notebook = right() if source is None else fill(right(), "encoder", source)
    path = save(notebook, folder / "ada" / "autoencoders" / "autoencoders.ipynb")
    course, salt = own_course(), Salt("salt", secret=True)
    options = Options(course=course, level=level, salt=salt, device=device, memory_mib=8192)
    with Fleet() as fleet:
        return grade_submission(read_submission(path, "ada", course.key, course.release), options, fleet)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_a_device_that_is_not_there_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    with pytest.raises(DeviceMissing, match="--device cuda") as refused:
        graded(tmp_path, None, "cuda")
    assert refused.value.exit_status == 2


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
@pytest.mark.parametrize("source", [None, NO_RELU], ids=["right", "wrong"])
@pytest.mark.parametrize("level", [Level.STRICT, Level.NONE])
def test_verdicts_on_cuda_are_those_on_the_cpu(tmp_path: Path, source: str | None, level: Level) -> None:
    on_cpu, on_cuda = (graded(tmp_path, source, device, level) for device in ("cpu", "cuda"))
    assert on_cuda.environment["device"] == "cuda"
    assert [(one.key, one.status, one.points) for one in on_cuda.exercises] == [
        (one.key, one.status, one.points) for one in on_cpu.exercises
    ]
    assert on_cuda.sandbox["layers"].keys() >= on_cpu.sandbox["layers"].keys() - {"bubblewrap"}
