"""The script that makes the bundled digits, on a tiny package of known bytes."""

import json
import runpy
import subprocess
import sys

import numpy as np
import pytest

from autograder.autoencoders.bundled import bundled

SCRIPT = bundled("data/make_digits.py")
SPLITS = ("train", "t10k")
ORDER = [4, 3, 1, 0, 2, 5]


@pytest.fixture
def package(tmp_path):
    """Two images of each class, all bytes drawn at random, stored as the npm package stores them."""
    folder = tmp_path / "package" / "src" / "digits"
    folder.mkdir(parents=True)
    images = np.random.default_rng(3).integers(0, 256, (10, 2, 784), dtype=np.uint8)
    images[0, 0, :256] = np.arange(256)
    for digit in range(10):
        (folder / f"{digit}.json").write_text(json.dumps({"data": np.round(images[digit] / 255, 3).ravel().tolist()}))
    return tmp_path / "package", images


def make(package, target):
    command = [sys.executable, "-W", "error", SCRIPT, package, "--to", target]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_all_bytes_come_back_with_their_labels(package, tmp_path, unzip):
    folder, images = package
    assert make(folder, tmp_path / "out").returncode == 0
    parts = [unzip(tmp_path / "out" / f"{split}-images-idx3-ubyte.gz") for split in SPLITS]
    labels = np.concatenate([unzip(tmp_path / "out" / f"{split}-labels-idx1-ubyte.gz") for split in SPLITS])
    assert [len(part) for part in parts] == [16, 4]
    restored = {(int(label), image.tobytes()) for label, image in zip(labels, np.concatenate(parts), strict=True)}
    assert restored == {(digit, image.tobytes()) for digit in range(10) for image in images[digit]}


def test_same_package_gives_the_same_files(package, tmp_path):
    folder, _ = package
    for name in ("first", "second"):
        make(folder, tmp_path / name)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_another_package_is_refused(package, tmp_path):
    folder, _ = package
    (folder / "src" / "digits" / "4.json").write_text(json.dumps({"data": [0.0015] * 784}))
    outcome = make(folder, tmp_path / "out")
    assert outcome.returncode == 1
    assert "not k/255 rounded" in outcome.stderr
    assert not (tmp_path / "out").exists()


def test_order_depends_on_no_promise_that_numpy_does_not_make():
    # The first raw draws of PCG64(10_000), sorted: they are fixed for good by NumPy's stream policy.
    order = runpy.run_path(str(SCRIPT))["shuffled_order"](6)
    assert order.tolist() == ORDER
