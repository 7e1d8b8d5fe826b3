"""The samples z of one image beside those that its μ and σ ask for, or μ or σ beside what their heads ask for."""

from collections.abc import Iterator

import numpy as np

from autograder.autoencoders.exercises.variational_encoder.probe import (
    AMPLITUDES,
    COPIES,
    STEERED_IMAGES,
    Observation,
    SamplingRun,
    inputs,
)
from autograder.autoencoders.probe_data import loaded
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.forms import RIGHT_SIGMA
from autograder.autoencoders.reference.heads import RecognisedHeads, recognise_heads
from autograder.autoencoders.reference.sampling import Steered, steer
from autograder.course.chart import Chart, Layer
from autograder.course.draws import Float64Array
from autograder.course.picture import Picture, draw

_OF_SAMPLES = frozenset({
    "uniform-noise", "noise-one-number", "noise-shared-by-images", "noise-shared-by-dimensions", "noise-shared",
    "noise-scaled", "noise-law", "another-formula", "swapped", "no-epsilon",
})  # fmt: skip
_OF_SIGMA = frozenset({
    "no-exp", "softplus-sigma", "relu-before-exp", "sigma-activated", "variance-as-sigma", "constant-sigma",
})  # fmt: skip
_OF_MU = frozenset({"mu-activated", "exp-on-mu", "no-mu"})
_HIDDEN = ("ReLU",)
_MOST_SAMPLES = 120
_WIDEST = 2.45  # standard deviations, within which 95 of 100 samples in a plane lie


def picture(seed: int, seen: Observation, mistakes: frozenset[str]) -> Picture | None:
    """What the mistakes are about; ``None`` where the heads are not known."""
    if not mistakes & (_OF_SAMPLES | _OF_SIGMA | _OF_MU):
        return None
    known = [(run, *found) for run in seen.runs if (found := _recognised(seed, run)) is not None]
    if not known:
        return None
    if mistakes & _OF_SIGMA:
        heads = _joined(recognised.heads.second.output for _, _, recognised in known)
        slope = _joined(_turned(steered.slope) for _, steered, _ in known)
        return draw("sigma", asked=np.exp(heads), seen=slope)
    if mistakes & _OF_MU:
        heads = _joined(recognised.heads.first.output for _, _, recognised in known)
        return draw("mu", asked=heads, seen=_joined(steered.mean for _, steered, _ in known))
    run, _, recognised = known[0]
    return _of_samples(run, recognised)


def _recognised(seed: int, run: SamplingRun) -> tuple[Steered, RecognisedHeads] | None:
    rows = [call.numbers for call in run.steered]
    size = STEERED_IMAGES * run.latent_dims
    levels = [row.reshape(STEERED_IMAGES, -1) for row in rows if row is not None and row.size == size]
    if len(levels) < len(rows) or not levels:
        return None
    images = inputs(seed, STEERED_IMAGES).reshape(STEERED_IMAGES, -1)
    values, budget = loaded(run.parameters, AMPLITUDES, seed), Budget()
    # The judge has searched widely already; a picture is not worth as much time where that was needed.
    for steered in steer(levels):
        recognised = recognise_heads(values, images, steered, run.latent_dims, budget, _HIDDEN)
        if recognised is not None:
            return steered, recognised
    return None


def _turned(slope: Float64Array) -> Float64Array:
    """How z moves with the noise; where that is down throughout, it is μ − σ·ε, which is as good as μ + σ·ε."""
    return -slope if (slope < 0.0).all() else slope


def _joined(parts: Iterator[Float64Array]) -> Float64Array:
    return np.concatenate([part.ravel() for part in parts])


def _of_samples(run: SamplingRun, recognised: RecognisedHeads) -> Picture | None:
    """Many samples of the first image, in a latent space of two dimensions."""
    samples, sigma = run.copies.numbers, recognised.sigma
    if samples is None or samples.shape != (COPIES, 2) or sigma not in RIGHT_SIGMA or sigma is None:
        return None
    asked = sigma.expected(recognised.heads.second.output[0])
    chosen = samples[:_MOST_SAMPLES]
    return draw("samples", x=chosen[:, 0], y=chosen[:, 1], mu=recognised.heads.first.output[0], sigma=asked)


def chart(picture: Picture) -> Chart | None:
    """The picture, by its kind."""
    if picture.kind == "samples":
        return _chart_of_samples(picture)
    series = picture.series
    return _chart_of_head(picture.kind, series["asked"], series["seen"])


def _chart_of_head(kind: str, asked: tuple[float, ...], seen: tuple[float, ...]) -> Chart:
    letter, of_head = ("σ", "the exponential of σ's head") if kind == "sigma" else ("μ", "μ's head")
    low, high = min(asked), max(asked)
    return Chart(
        caption=f"The {letter} in your z, for several images and latents, against {of_head}, which it should be.",
        alt=(
            f"A dot for each latent: {of_head} runs from {low:.2g} to {high:.2g}, the {letter} in your z from "
            f"{min(seen):.2g} to {max(seen):.2g}."
        ),
        x=of_head,
        y=f"{letter} in your z",
        layers=(
            Layer("equal", (low, high), (low, high), "dashed", "asked"),
            Layer("yours", asked, seen, "dots"),
        ),
    )


def _chart_of_samples(picture: Picture) -> Chart:
    x, y, mu, sigma = (picture.series[name] for name in ("x", "y", "mu", "sigma"))
    angles = np.linspace(0.0, 2.0 * np.pi, 61)
    ring = [centre + _WIDEST * spread * turn for centre, spread, turn in
            zip(mu, sigma, (np.cos(angles), np.sin(angles)), strict=True)]  # fmt: skip
    return Chart(
        caption=(
            f"{len(x)} samples z of one image, in the two dimensions of its latent space. Of samples with its μ and σ, "
            "95 in 100 would lie within the dashed line, most of them near its middle."
        ),
        alt=(
            f"Yours lie between {min(x):.2g} and {max(x):.2g} across and between {min(y):.2g} and {max(y):.2g} "
            f"upwards; the dashed line is round ({mu[0]:.2g}, {mu[1]:.2g}) and reaches {_WIDEST * sigma[0]:.2g} across "
            f"and {_WIDEST * sigma[1]:.2g} upwards."
        ),
        x="first latent",
        y="second latent",
        layers=(
            Layer("with this image's μ and σ", ring[0].tolist(), ring[1].tolist(), "dashed", "asked"),
            Layer("yours", x, y, "dots"),
        ),
    )
