"""How hard the loss pulls at each pixel of a reconstruction."""

import numpy as np

from autograder.autoencoders.training.probe import TrainingRun
from autograder.autoencoders.training.updates import passes
from autograder.course.chart import Chart, Layer
from autograder.course.picture import Picture, draw

_MOST = 120
_SHOWN = frozenset({
    "absolute", "cross-entropy", "cross-entropy-of-logits", "fourth-power", "signed", "some-pixels", "broadcast",
    "unknown-loss",
})  # fmt: skip


def picture_of_pull(seed: int, exercise: str, run: TrainingRun, mistakes: frozenset[str]) -> Picture | None:
    """For some pixels of one batch the difference of reconstruction and image, and the loss's gradient there."""
    if not mistakes & _SHOWN:
        return None
    batch = next((one for one in passes(seed, exercise, run) if one.is_finite and one.has_gradient.all()), None)
    if batch is None:
        return None
    difference, pull = (batch.reconstruction - batch.images).ravel(), batch.gradient.ravel()
    chosen = np.argsort(difference)[np.linspace(0, len(difference) - 1, _MOST).astype(int)]
    return draw("pull", difference=difference[chosen], pull=pull[chosen] / np.abs(pull).max())


def chart_of_pull(picture: Picture) -> Chart:
    """The pixels, beside the line on which a squared error would have them."""
    difference, pull = picture.series["difference"], picture.series["pull"]
    furthest = max(map(abs, difference)) or 1.0
    near = [abs(one) for place, one in zip(difference, pull, strict=True) if abs(place) < furthest / 4]
    said = f"{max(near):.2f}" if near else "not seen"
    return Chart(
        caption=(
            "How strongly your loss pulls at pixels of a reconstruction, against how far they are from the image. A "
            "squared error pulls twice as hard at twice the distance."
        ),
        alt=(
            "A dot for each pixel. A squared error would lie on a straight line through 0; yours pulls with up to "
            f"{said} of its largest pull where the difference is less than a quarter of the largest."
        ),
        x="reconstruction − image",
        y="gradient, largest = 1",
        layers=(
            Layer("a squared error", (-furthest, furthest), (-1.0, 1.0), "dashed", "asked"),
            Layer("yours, a dot for each pixel", difference, pull, "dots"),
        ),
    )
