"""Whether the output of one layer was split, for μ and log σ, between images: it is to be split within each of them.

Such code stops for most batches. How many parts it finds, or how large they are, then follows the number of images; for
an even number of images, two halves give a z of as many numbers as there should be, which ``recognise_split`` explains.
"""

import re

from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import BATCHES, SamplingRun
from autograder.course.observation import Failure
from autograder.judging.verdicts import Finding, finding

_TOO_FEW = "not enough values to unpack (expected 2, got 1)"
_TOO_MANY = "too many values to unpack (expected 2"
_ONE_ROW = "out of bounds for dimension 0 with size 1"
_SIZES = re.compile(r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)")


def name_stopped(run: SamplingRun) -> Finding | None:
    """What is wrong where batches stop as they do when the images are split; ``None`` where they do not."""
    single, few, many = (result.failure for result in run.outputs)
    finds_more = _says(single, _TOO_FEW) and _says(many, _TOO_MANY)
    takes_rows = _says(single, _ONE_ROW) and not _says(few, "IndexError") and not _says(many, "IndexError")
    is_cut = all(
        _is_cut(failure, images, run.latent_dims) for failure, images in ((few, BATCHES[1]), (many, BATCHES[2]))
    )
    return finding(EXERCISE, "split-over-images") if finds_more or takes_rows or is_cut else None


def _says(failure: Failure | None, words: str) -> bool:
    return failure is not None and (words in failure.message or words == failure.error)


def _is_cut(failure: Failure | None, images: int, latent_dims: int) -> bool:
    """Whether two tensors do not fit together that are the first L images and the others."""
    found = None if failure is None else _SIZES.search(failure.message)
    first = min(latent_dims, images)
    return found is not None and sorted(map(int, found.groups())) == sorted((first, images - first))
