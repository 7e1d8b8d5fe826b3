"""A trial of the sandbox with an honest program: what it is refused, as JSON on standard output.

``autograder doctor`` runs it in a process of its own: another version of torch or of the C library may need calls that
the list of allowed ones lacks.
"""

import json
import sys
import tempfile
import threading
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.course.installed import find_course
from autograder.engine.sandbox.refusals import refusals
from autograder.engine.worker.worker import preload

_THREADS = 2
_PIXELS = 784


def train_plot_and_save(folder: Path) -> None:
    """What a student's notebook does, made small: a few steps, on several threads, a picture, files."""
    torch.set_num_threads(_THREADS)
    model = nn.Sequential(nn.Linear(_PIXELS, 512), nn.ReLU(), nn.Linear(512, _PIXELS))
    optimizer = torch.optim.Adam(model.parameters())
    for (x,) in DataLoader(TensorDataset(torch.rand(512, _PIXELS)), batch_size=128, shuffle=True):
        optimizer.zero_grad()
        ((model(x) - x) ** 2).sum().backward()
        optimizer.step()
    plt.imshow(model(torch.rand(1, _PIXELS)).detach().reshape(28, 28))
    plt.savefig(folder / "picture.png")
    torch.save(model.state_dict(), folder / "model.pt")
    model.load_state_dict(torch.load(folder / "model.pt"))
    (thread := threading.Thread(target=model, args=(torch.rand(8, _PIXELS),))).start()
    thread.join()


def main() -> None:
    """Try it as a worker would, with everything imported; the one argument is the course's key."""
    preload(find_course(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        refused = refusals(partial(train_plot_and_save, Path(folder)))
    print(json.dumps(refused))  # noqa: T201 - this is its answer


if __name__ == "__main__":
    main()
