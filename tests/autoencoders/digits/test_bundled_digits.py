"""The 10,000 digits that travel with the package."""

import hashlib
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from autograder.autoencoders.bundled import bundled
from autograder.autoencoders.digits import MNIST
from autograder.autoencoders.digits.digits import bundled_digits, digit_files

FOLDER = bundled("data/mnist-10k")
README = FOLDER.parent / "README.md"


@pytest.mark.parametrize(
    ("split", "counts"),
    [
        ("train", [830, 885, 788, 819, 768, 710, 811, 860, 740, 789]),
        ("t10k", [171, 242, 203, 213, 212, 153, 203, 210, 204, 189]),
    ],
)
def test_class_counts_are_those_of_the_readme(split, counts, unzip):
    assert np.bincount(unzip(FOLDER / f"{split}-labels-idx1-ubyte.gz")).tolist() == counts
    row = next(line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {split} |"))
    assert [int(cell.replace(",", "")) for cell in row.strip("|").split("|")[1:]] == [*counts, sum(counts)]


def test_every_byte_value_occurs(unzip):
    assert len(np.unique(unzip(FOLDER / "train-images-idx3-ubyte.gz"))) == 256


def test_splits_share_no_image(unzip):
    images = np.concatenate([unzip(FOLDER / f"{split}-images-idx3-ubyte.gz") for split in ("train", "t10k")])
    assert len(np.unique(images.reshape(-1, 784), axis=0)) == len(images) == 10_000


def test_classes_are_shuffled(unzip):
    labels = unzip(FOLDER / "train-labels-idx1-ubyte.gz")
    assert all(set(labels[start : start + 500]) == set(range(10)) for start in range(0, 8000, 500))


@pytest.mark.parametrize("train", [True, False])
def test_contents_have_the_sums_of_the_readme(train, unzip):
    sums = {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", README.read_text("utf-8"), re.M)}
    for name in digit_files(train):
        array = unzip(FOLDER / f"{name}.gz")
        header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">u4").tobytes()
        assert hashlib.sha256(header + array.tobytes()).hexdigest() == sums[name]


def test_gzip_headers_hold_neither_time_nor_name():
    for path in FOLDER.glob("*.gz"):
        header = path.read_bytes()[:10]
        assert header[3] == 0, path.name
        assert header[4:8] == bytes(4), path.name


def test_dataset_holds_what_the_files_hold(unzip):
    digits = bundled_digits(train=False)
    assert np.array_equal(digits.images.numpy(), unzip(FOLDER / "t10k-images-idx3-ubyte.gz"))
    assert np.array_equal(digits.labels.numpy(), unzip(FOLDER / "t10k-labels-idx1-ubyte.gz"))


def test_pictures_match_their_labels():
    # Nearest class mean gets about 80% of MNIST right; labels out of step with their images would get 10%.
    train, test = bundled_digits(train=True), bundled_digits(train=False)
    pixels = train.images.flatten(1).double()
    means = np.stack([pixels[train.labels == digit].mean(0).numpy() for digit in range(10)])
    distances = np.linalg.norm(test.images.flatten(1).double().numpy()[:, None] - means, axis=2)
    assert (distances.argmin(1) == test.labels.numpy()).mean() > 0.75


def test_installed_wheel_has_its_own_copy(monkeypatch, tmp_path):
    package = tmp_path / "site-packages" / "autograder"
    shutil.copytree(FOLDER, package / "_bundled" / "data" / "mnist-10k")
    monkeypatch.setattr("autograder.autoencoders.bundled._PACKAGE", package)
    assert len(MNIST(tmp_path)) == 8000


def test_incomplete_installation_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("autograder.autoencoders.bundled._PACKAGE", tmp_path / "autograder")
    with pytest.raises(FileNotFoundError, match="missing from this installation"):
        MNIST(tmp_path)


def test_license_travels_along():
    text = (Path(FOLDER).parent / "LICENSE.md").read_text(encoding="utf-8")
    assert "Juan Cazala" in text
    assert "Share Alike 3.0" in text
