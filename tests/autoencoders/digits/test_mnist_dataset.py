"""`MNIST` beside torchvision's class of that name: same samples, same batches, and where the digits come from."""

import multiprocessing
import random

import pytest
import torch
import torchvision
from torch.utils.data import DataLoader, Subset, default_collate
from torchvision.transforms import RandomHorizontalFlip, ToTensor

from autograder.autoencoders.digits import MNIST

BUNDLED = "MNIST: 8,000 of the bundled digits (10,000 real MNIST images)"


def slow(root, **options):
    return torchvision.datasets.MNIST(root, **{"transform": ToTensor(), **options})


def batches(dataset, **options):
    loader = DataLoader(
        dataset, **{"batch_size": 128, "shuffle": True, "generator": torch.Generator().manual_seed(5), **options}
    )
    return list(loader)


def assert_same(ours, theirs):
    assert len(ours) == len(theirs) > 0
    for our, their in zip(ours, theirs, strict=True):
        assert type(our) is type(their)
        assert [(part.dtype, part.shape) for part in our] == [(part.dtype, part.shape) for part in their]
        assert all(torch.equal(*parts) for parts in zip(our, their, strict=True))


def test_sample_is_bit_for_bit_that_of_to_tensor(root):
    for transform in (None, ToTensor()):
        for train in (True, False):
            ours, theirs = MNIST(root, train, transform=transform), slow(root, train=train)
            for index in (0, 7, -1):
                (image, label), (expected, expected_label) = ours[index], theirs[index]
                assert image.dtype is torch.float32
                assert torch.equal(image, expected)
                assert (type(label), label) == (int, expected_label)


def test_all_bytes_become_the_floats_of_to_tensor():
    dataset = MNIST()
    dataset.data[0].view(-1)[:256] = torch.arange(256, dtype=torch.uint8)
    expected = ToTensor()(dataset.data[0].numpy())
    assert torch.equal(dataset[0][0], expected)
    assert torch.equal(next(iter(DataLoader(dataset, batch_size=128)))[0][0], expected)


def test_batches_are_those_of_the_slow_path(root):
    assert_same(batches(MNIST(root)), batches(slow(root)))


def test_batches_of_the_bundled_digits_have_the_shapes_that_the_notebook_says():
    images, labels = batches(MNIST())[0]
    assert (images.shape, images.dtype) == ((128, 1, 28, 28), torch.float32)
    assert (labels.shape, labels.dtype) == ((128,), torch.int64)
    assert images.min() == 0
    assert images.max() == 1


@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_batches_from_workers_are_the_same(root, start):
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system cannot {start}")
    options = {"num_workers": 1, "multiprocessing_context": start}
    assert_same(batches(MNIST(root), **options), batches(slow(root)))


def test_subset_gives_the_same_batches(root):
    chosen = list(range(0, 300, 3))
    assert_same(batches(Subset(MNIST(root), chosen)), batches(Subset(slow(root), chosen)))


@pytest.mark.parametrize(
    "collate",
    [
        lambda samples: default_collate(list(samples)),
        lambda samples: default_collate(samples[:3]),
        lambda samples: [torch.stack(images) for images, _ in [zip(*samples, strict=True)]],
        lambda samples: [torch.tensor([label for _, label in samples]), torch.tensor(len(samples))],
    ],
    ids=["all-samples", "three-samples", "images-alone", "labels-alone"],
)
def test_own_collate_function_sees_samples(root, collate):
    assert_same(batches(MNIST(root), collate_fn=collate), batches(slow(root), collate_fn=collate))


def test_loader_without_batches_gives_samples(root):
    image, label = next(iter(DataLoader(MNIST(root), batch_size=None)))
    assert torch.equal(image, slow(root)[0][0])
    assert label == slow(root)[0][1]


def test_other_transform_gets_the_picture(root):
    transform = torchvision.transforms.Compose([RandomHorizontalFlip(1.0), ToTensor()])
    assert_same(batches(MNIST(root, transform=transform)), batches(slow(root, transform=transform)))
    flipped, straight = MNIST(root, transform=transform)[0][0], MNIST(root)[0][0]
    assert torch.equal(flipped, straight.flip(-1))
    assert not torch.equal(flipped, straight)


def test_target_transform_is_applied(root):
    options = {"target_transform": lambda label: label % 2}
    assert_same(batches(MNIST(root, **options)), batches(slow(root, **options)))
    assert MNIST(root, target_transform=str)[0][1] == str(slow(root)[0][1])


def test_transform_set_later_is_honoured(root):
    dataset = MNIST(root)
    dataset.transform = lambda picture: picture.size[0]
    assert dataset[0][0] == 28
    assert batches(dataset)[0][0].tolist() == [28] * 128


def test_filtered_data_is_what_is_loaded(root):
    ours, theirs = MNIST(root), slow(root)
    for dataset in (ours, theirs):
        ones = dataset.targets == 1
        dataset.data, dataset.targets = dataset.data[ones], dataset.targets[ones]
    assert_same(batches(ours), batches(theirs))


def test_samples_do_not_share_memory_with_the_data(root):
    dataset = MNIST(root)
    before = dataset.data.clone()
    dataset[0][0].zero_()
    batches(dataset)[0][0].zero_()
    assert torch.equal(dataset.data, before)


def test_index_past_the_end_raises(root):
    with pytest.raises(IndexError):
        MNIST(root)[300]
    with pytest.raises(IndexError):
        batches(Subset(MNIST(root), [300]))


def test_attributes_are_torchvisions(root):
    ours, theirs = MNIST(root), slow(root)
    assert isinstance(ours, torchvision.datasets.MNIST)
    assert torch.equal(ours.data, theirs.data)
    assert ours.data.dtype is theirs.data.dtype
    assert torch.equal(ours.targets, theirs.targets)
    assert ours.targets.dtype is theirs.targets.dtype
    assert (ours.classes, ours.class_to_idx) == (theirs.classes, theirs.class_to_idx)
    assert (len(ours), ours.raw_folder, ours.root) == (len(theirs), theirs.raw_folder, str(theirs.root))


def test_repr_is_torchvisions_and_says_which_digits(root):
    for part in ("Dataset MNIST", "Number of datapoints: 40", f"Root location: {root}", "Split: Test", "ToTensor()"):
        assert part in repr(slow(root, train=False))
        assert part in repr(MNIST(root, train=False))
    assert "bundled" in repr(MNIST(root / "elsewhere"))
    assert "bundled" not in repr(MNIST(root))


def test_bundled_digits_are_used_and_named_in_one_line(tmp_path, capsys):
    assert len(MNIST(tmp_path)) == 8000
    assert capsys.readouterr().out == f"{BUNDLED}; pass download=True for all 60,000\n"
    assert len(MNIST(tmp_path, train=False)) == 2000
    assert capsys.readouterr().out.startswith("MNIST: 2,000 of the bundled digits")


def test_full_mnist_is_used_where_it_is_there(root, capsys):
    assert len(MNIST(root)) == 300
    assert capsys.readouterr().out == f"MNIST: 300 digits of {root / 'MNIST' / 'raw'}\n"
    assert len(MNIST(str(root), train=False)) == 40


def test_root_may_be_left_out_and_begin_with_the_home_folder(root, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert len(MNIST("~/root")) == 300
    root.rename(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert len(MNIST()) == 300


def test_one_missing_file_means_the_bundled_digits(root, capsys):
    (root / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").unlink()
    assert len(MNIST(root)) == 8000
    assert capsys.readouterr().out.startswith(BUNDLED)


def swapped(content):
    return bytes([0, 0, 13]) + content[3:]


def cut(content):
    return content[:-1]


def no_header(content):
    return content[:7]


def other_size(content):
    return content[:4] + (299).to_bytes(4, "big") + content[8:-784]


@pytest.mark.parametrize("damage", [cut, swapped, other_size, no_header])
def test_damaged_file_means_the_bundled_digits_and_says_so(root, capsys, damage):
    images = root / "MNIST" / "raw" / "train-images-idx3-ubyte"
    images.write_bytes(damage(images.read_bytes()))
    assert len(MNIST(root)) == 8000
    line = capsys.readouterr().out
    assert line.startswith(f"{BUNDLED}; what lies in {images.parent} cannot be used: train-images-idx3-ubyte")
    assert line.count("\n") == 1


def test_nothing_is_written_to_a_read_only_root(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o555)
    tmp_path.chmod(0o555)
    monkeypatch.chdir(tmp_path)
    try:
        assert len(MNIST()) == 8000
        assert [path.name for path in tmp_path.rglob("*")] == ["data"]
    finally:
        tmp_path.chmod(0o755)


def test_root_that_cannot_be_a_folder_does_no_harm(tmp_path):
    (tmp_path / "file").write_text("")
    assert len(MNIST(tmp_path / "file" / "data")) == 8000


def test_making_and_loading_draws_no_random_numbers():
    torch.manual_seed(11)
    random.seed(11)
    before = torch.get_rng_state(), random.getstate()
    MNIST()[0]
    assert torch.equal(torch.get_rng_state(), before[0])
    assert random.getstate() == before[1]


def test_batch_passes_the_default_collate_function_in_one_piece(root):
    # Equal batches alone would not show that the quick way is the one taken.
    batch = MNIST(root).__getitems__([3, 1, 2])
    images, labels = default_collate(batch)
    assert images.data_ptr() == batch.images.data_ptr()
    assert labels.data_ptr() == batch.labels.data_ptr()
