"""Files handed in beside a notebook, which its code counts on."""

import io

import torch
from submissions import Notebook, add, fill, right, text

from odd.case import NOTHING, REVIEW, Case

LAYERS = b"import torch.nn.functional as F\nfrom more import CLAMP\n\ndef act(x):\n    return x.clamp(min=CLAMP)\n"


def with_act(source: str) -> Notebook:
    """With a cell of the student's own that has to give ``act``."""
    answer = text(right(), "encoder").replace("F.relu", "act")
    return add(fill(right(), "encoder", answer), source, "picture_autoencoder")


def weights() -> bytes:
    torch.save(torch.ones(3), data := io.BytesIO())
    return data.getvalue()


def encoder_module() -> bytes:
    head = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
    return (head + text(right(), "encoder")).encode()


BESIDE = {
    "module": Case(
        lambda: with_act("from my_layers import act"), NOTHING, files={"my_layers.py": LAYERS, "more.py": b"CLAMP = 0"}
    ),
    "package": Case(
        lambda: with_act("from mine.layers import act"),
        NOTHING,
        files={
            "mine/__init__.py": b"",
            "mine/layers.py": LAYERS.replace(b"more", b".more"),
            "mine/more.py": b"CLAMP = 0",
        },
    ),
    "all-of-a-module": Case(
        lambda: with_act("from my_layers import *"),
        NOTHING,
        files={"my_layers.py": b"act = abs\n" + LAYERS, "more.py": b"CLAMP = 0"},
    ),
    "answer": Case(
        lambda: fill(right(), "encoder", "from my_layers import Encoder"),
        NOTHING,
        files={"my_layers.py": encoder_module()},
    ),
    "weights": Case(
        lambda: with_act("assert torch.load('w.pt').sum() == 3\nact = F.relu"), NOTHING, files={"w.pt": weights()}
    ),
    "table": Case(
        lambda: with_act("assert np.loadtxt('data/my table.csv', delimiter=',').sum() == 6\nact = F.relu"),
        NOTHING,
        files={"data/my table.csv": b"1,2,3\n"},
    ),
    "run": Case(
        lambda: with_act("%run own.py"),
        NOTHING,
        files={"own.py": b"act = F.relu if 'F' in globals() else abs\nimport torch\nact = torch.relu\n"},
    ),
    "written-in-a-cell": Case(
        lambda: add(
            with_act("from mine import act"),
            "%%writefile mine.py\nimport torch\nact = torch.relu",
            "picture_autoencoder",
        ),
        NOTHING,
    ),
    "read-only": Case(
        lambda: with_act(
            "try:\n    open('w.csv', 'w')\nexcept OSError:\n    act = F.relu\nimport os\n"
            "try:\n    os.chmod('w.csv', 0o600)\n    del act\nexcept OSError:\n    pass\n"
            "try:\n    os.remove('w.csv')\n    del act\nexcept OSError:\n    pass"
        ),
        NOTHING,
        files={"w.csv": b"1"},
    ),
    "weights-too-large": Case(
        lambda: with_act("torch.load('w.pt')\nact = F.relu"),
        REVIEW,
        ("w.pt stayed behind", "8 MB"),
        files={"w.pt": bytes((8 << 20) + 1)},
    ),
    "another-students": Case(lambda: with_act("open('../../module/autoencoders/my_layers.py')\nact = F.relu"), REVIEW),
    "hostile-module": Case(
        lambda: with_act("from my_layers import act"),
        NOTHING,
        flags=("the file `my_layers.py`, line 1",),
        files={"my_layers.py": b"import subprocess\nimport torch\nact = torch.relu\n"},
    ),
}
