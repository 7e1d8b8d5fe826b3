"""What the grader's surroundings lack is not the student's mistake: it works all the same, or a person looks."""

from submissions import Notebook, add, fill, right, text

from odd.case import NOTHING, REVIEW, Case

AT_YOURS = "It may work at yours"
TIMEOUT = 24  # seconds for a submission; the words below tell a quarter of it
SLOW = "import time\ntime.sleep(1000)"


def own(source: str) -> Notebook:
    """With a cell of the student's own at the top, which has to run to its end: the encoder needs what it gives."""
    return add_above(source + "\nact = F.relu", "act")


def add_above(source: str, used: str) -> Notebook:
    notebook = right()
    answer = text(notebook, "encoder")
    assert "F.relu" in answer
    return add(fill(notebook, "encoder", answer.replace("F.relu", used)), source, "picture_autoencoder")


TRAINING = """
from autograder.teaching import LossCurve, needs
loader = torch.utils.data.DataLoader(MNIST('./data', transform=torchvision.transforms.ToTensor()), 128, True)
x, y = next(iter(loader))
assert x.shape == (128, 1, 28, 28) and len(loader.dataset) == 8000
assert len(MNIST('data', train=False)) == 2000
"""

SURROUNDINGS = {
    "the-courses-digits": Case(lambda: own(TRAINING), NOTHING),
    "processes-that-load": Case(
        lambda: own(
            "from torch.utils.data import DataLoader, TensorDataset\n"
            "a = DataLoader(TensorDataset(torch.rand(8, 2)), batch_size=4, num_workers=2, persistent_workers=True,\n"
            "               prefetch_factor=4, pin_memory=False, timeout=5)\n"
            "b = DataLoader(TensorDataset(torch.rand(8, 2)), 4, False, None, None, 2)\n"
            "assert len(list(a)) == len(list(b)) == 2"
        ),
        NOTHING,
    ),
    "files-of-its-own": Case(
        lambda: own(
            "import os\nos.makedirs('out', exist_ok=True)\nplt.plot([1, 2])\nplt.savefig('out/a.png')\n"
            "torch.save(nn.Linear(2, 2).state_dict(), 'w.pt')\ntorch.load('w.pt')"
        ),
        NOTHING,
    ),
    "magics": Case(
        lambda: own("%pip install numpy\n!pip install torch\n%matplotlib widget\n%load_ext autoreload\nx = !ls"),
        NOTHING,
    ),
    "a-progress-bar": Case(lambda: own("from tqdm.auto import tqdm\nfor i in tqdm(range(3)):\n    pass"), NOTHING),
    "default-device": Case(lambda: own("torch.set_default_device('cuda')\ntorch.ones(2)"), NOTHING),
    "exit": Case(lambda: own("exit()\nquit()"), NOTHING),
    "input": Case(lambda: own("name = input('Your name? ')"), REVIEW, ("nobody types", AT_YOURS)),
    "colab-drive": Case(
        lambda: own("from google.colab import drive\ndrive.mount('/content/drive')"),
        REVIEW,
        ("Your own cell 1", "Line 1: `from google.colab import drive`", "no such module", AT_YOURS),
    ),
    "missing-file": Case(
        lambda: own("\nweights = torch.load('weights.pt')"),
        REVIEW,
        ("Your own cell 1", "Line 2: `weights = torch.load('weights.pt')`", "no such file", AT_YOURS),
    ),
    "download": Case(
        lambda: own("import torchvision\ntorchvision.datasets.MNIST('root', download=True)"),
        REVIEW,
        ("no network", "Line 2", AT_YOURS),
    ),
    "urlopen": Case(
        lambda: own("import urllib.request\nurllib.request.urlopen('https://example.org', timeout=2)"),
        REVIEW,
        ("no network", AT_YOURS),
    ),
    "gpu-by-name": Case(
        lambda: own("print(torch.device('cuda'))\ntorch.ones(2).to(torch.device('cuda'))"),
        REVIEW,
        ("no such GPU", "Line 2", AT_YOURS),
    ),
    "gpu-by-call": Case(lambda: own("torch.ones(2).cuda()"), REVIEW, ("no such GPU", AT_YOURS)),
    "gpus-name": Case(lambda: own("print(torch.cuda.get_device_name(0))"), REVIEW, ("no such GPU", AT_YOURS)),
    "newer-syntax": Case(
        lambda: own("type Pair = tuple[int, int]"), REVIEW, ("Python may be newer", "Line 1: `type Pair", AT_YOURS)
    ),
    "newer-generics": Case(
        lambda: own("def first[T](x: list[T]) -> T:\n    return x[0]"), REVIEW, ("Python may be newer", AT_YOURS)
    ),
    "newer-f-string": Case(
        lambda: own("names = ['a']\nprint(f'{', '.join(names)}')"), REVIEW, ("Python may be newer", AT_YOURS)
    ),
    "newer-syntax-in-the-answer": Case(
        lambda: fill(right(), "encoder", "type T = int\n" + text(right(), "encoder")),
        REVIEW,
        ("Python may be newer", "The cell `encoder`"),
    ),
    "star": Case(lambda: add_above("from my_helpers import *", "act"), REVIEW, ("my_helpers", AT_YOURS)),
    "one-leads-to-another": Case(
        lambda: add(add_above("act = wanted(F.relu)", "act"), "from elsewhere import wanted", "picture_autoencoder"),
        REVIEW,
        ("Your own cell 1", "elsewhere", AT_YOURS),
    ),
    "answer-elsewhere": Case(
        lambda: fill(add(right(), "from my_layers import Encoder", "picture_autoencoder"), "encoder", "# see above"),
        REVIEW,
        ("my_layers", AT_YOURS),
    ),
    "file-when-called": Case(
        lambda: fill(
            right(),
            "encoder",
            text(right(), "encoder").replace("x = torch.flatten", "open('w.pt')\n        x = torch.flatten"),
        ),
        REVIEW,
        ("file is not there", "your teacher sees it"),
    ),
    "nothing-is-missing": Case(
        lambda: add(right(), "import not_there\nspare = 1", "picture_autoencoder"), NOTHING, ("not_there",)
    ),
    "ends-the-process": Case(
        lambda: own("import os\nos._exit(0)"),
        REVIEW,
        ("ran out of time or memory", "ended with status 0", AT_YOURS),
    ),
    "own-mistake": Case(
        lambda: add_above("act = F.rellu", "act"), {"encoder": (0.0, "error")}, ("misspelt",), unsaid=(AT_YOURS,)
    ),
}

# Each of these takes as long as it may.
LIMITS = {
    "endless": Case(
        lambda: own("while True:\n    pass"), REVIEW, ("ran longer than 6 seconds", "Your own cell 1", AT_YOURS)
    ),
    "sleep": Case(lambda: own("import time\ntime.sleep(1000)"), REVIEW, ("ran longer than 6 seconds", AT_YOURS)),
    "slow-cells": Case(
        lambda: add(add(add(add(right(), SLOW, "encoder"), SLOW, "encoder"), SLOW, "train"), SLOW, "train"),
        NOTHING,
        ("ran longer than 6 seconds",),
    ),
    "deaf-to-its-time": Case(
        lambda: own("import re\nre.fullmatch('(a|aa)+b', 'a' * 60)"), REVIEW, ("time was over", AT_YOURS)
    ),
}
