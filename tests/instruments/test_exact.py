"""What a notebook may have set about precision: observing takes no notice of it, and leaves it as it was."""

import subprocess
import sys

import pytest

# Each in a process of its own: PyTorch cannot always go back from the newer settings to the older.
SETTINGS = [
    "pass",
    'torch.set_float32_matmul_precision("medium")',
    'torch.set_float32_matmul_precision("high")',
    "torch.backends.cuda.matmul.allow_tf32 = True",
    "torch.backends.cudnn.allow_tf32 = False",
    'torch.backends.cuda.matmul.fp32_precision = "tf32"',
    'torch.backends.cudnn.conv.fp32_precision = "ieee"',
    'torch.backends.cudnn.fp32_precision = "ieee"',
    'torch.backends.mkldnn.matmul.fp32_precision = "bf16"',
    'torch.backends.fp32_precision = "tf32"',
    "torch.set_default_dtype(torch.float64)",
    'torch.set_default_device("meta")',
    "torch.set_grad_enabled(False)",
    'torch.autocast("cpu").__enter__()',
]
PROGRAM = """
import os, sys, torch
from autograder.instruments.exact import exact_arithmetic

BACKENDS = torch.backends
PLACES = (
    BACKENDS.cuda.matmul, BACKENDS.cudnn.conv, BACKENDS.cudnn.rnn, BACKENDS.mkldnn.matmul, BACKENDS.mkldnn.conv,
    BACKENDS.mkldnn.rnn, BACKENDS.cudnn, BACKENDS,
)
READS = [
    torch.get_float32_matmul_precision, lambda: BACKENDS.cuda.matmul.allow_tf32, lambda: BACKENDS.cudnn.allow_tf32,
    torch.get_default_dtype, torch.get_default_device, torch.is_grad_enabled, lambda: torch.is_autocast_enabled("cpu"),
    *(lambda place=place: place.fp32_precision for place in PLACES),
]

def told(read):
    try:
        return str(read())
    except RuntimeError:
        return "mixed"

def prove(setting):
    exec(setting)
    before = [told(read) for read in READS]
    with exact_arithmetic():
        product = torch.ones(2, 3, requires_grad=True) @ torch.ones(3, 2)
        assert (product.dtype, product.device.type, product.requires_grad) == (torch.float32, "cpu", True), product
        inside = [place.fp32_precision for place in PLACES[:6]]
        assert inside == ["ieee"] * 6, inside
    after = [told(read) for read in READS]
    assert after == before, (before, after)

for setting in sys.argv[1:]:
    if os.fork() == 0:
        try:
            prove(setting)
        except BaseException as error:
            print(f"{setting}: {type(error).__name__}: {error}", flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_full_float32_whatever_is_set_and_all_is_left_as_it_was() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM, *SETTINGS], capture_output=True, text=True, check=True)
    assert ended.stdout == ""
