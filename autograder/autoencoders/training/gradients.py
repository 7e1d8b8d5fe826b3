"""Whether the gradients of the model's parameters are those of the loss that was seen, and what was done with them.

The probe's model is small: from the gradients at its reconstructions and KL terms follow those of its parameters. What
arrives there beside these comes from something else in the loss; what the optimizer finds there beside what has arrived
is left over from before, or was changed on purpose.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.reference.activations import sigmoid
from autograder.autoencoders.training.probe import KL_WEIGHT, Forward
from autograder.autoencoders.training.updates import Update, by_parameter
from autograder.course.draws import Float64Array

# Beside a parameter's gradient of size 1, what float32 rounds off at most.
_ROUNDING = 1e-5
# What of that is still there beside something that is larger.
_NOISE = 2e-6
# What cannot be named is looked at by a person only where it is more than this share of the gradient.
_WORTH_A_LOOK = 1e-3


@dataclass(frozen=True)
class _Expected:
    """What the recorded passes send to each parameter, and the latents and images that they had."""

    gradients: list[Float64Array]
    sizes: list[float]
    latents: Float64Array
    images: Float64Array
    are_latents_kept: bool


def name_added(every: Sequence[Update]) -> str:
    """The misconception for what the loss holds beside reconstruction and KL term; empty where there is nothing.

    ``latents-detached`` is about a way back that ends at the decoder, ``latents-changed`` about a decoder that was
    given something else than what the encoder gave.
    """
    sent = [forward for update in every for forward in update.forwards if forward.gradient is not None]
    if sent and all(forward.is_cut for forward in sent):
        return "latents-detached"
    names = {name for name in map(_added_before, every) if name}
    return "" if not names else names.pop() if len(names) == 1 else "something-added"


def _added_before(update: Update) -> str:
    unknown = any(forward.is_rough or forward.is_late for forward in update.forwards) or any(
        step.late_kl for step in update.steps
    )
    if not update.steps or unknown:
        return ""
    weights = by_parameter(update.steps[0].weights)
    expected = _expected(weights, [forward for forward in update.forwards if forward.images is not None])
    if expected is None:
        return ""
    if not expected.are_latents_kept:
        return "latents-changed"
    arrived = by_parameter(update.steps[0].arrived)
    rest = [seen - sent for seen, sent in zip(arrived, expected.gradients, strict=True)]
    sizes = [max(_norm(seen), size) for seen, size in zip(arrived, expected.sizes, strict=True)]
    # Where nothing arrives, no gradient was asked for.
    matters = [
        bool(np.any(seen)) and _norm(one) > _ROUNDING * size
        for one, seen, size in zip(rest, arrived, sizes, strict=True)
    ]
    if not any(matters):
        return ""
    blurs = [_NOISE * size for size in sizes]
    for of_weight in (np.asarray, np.sign):
        pairs = list(zip(rest, [of_weight(one) for one in weights], blurs, strict=True))
        if all(_is_multiple(*pair) for pair, does in zip(pairs, matters, strict=True) if does):
            return "weight-penalty"
    if not any(matters[2:]):
        for at_z in (np.sign(expected.latents), expected.latents, _directions(expected.latents)):
            made = [at_z.T @ expected.images, at_z.sum(axis=0)]
            if _is_multiple(_flat(rest[:2]), _flat(made), sum(blurs[:2])):
                return "latent-penalty"
    worth = (does and _norm(one) > _WORTH_A_LOOK * size for one, does, size in zip(rest, matters, sizes, strict=True))
    return "something-added" if any(worth) else ""


def _expected(weights: Sequence[Float64Array], forwards: Sequence[Forward]) -> _Expected | None:
    encoder, bias, decoder, last_bias = weights
    parts: list[list[Float64Array]] = [[], [], [], []]
    latents, images, kept = [], [], True
    for forward in forwards:
        given = np.asarray(forward.images, dtype=np.float64)
        z = given @ encoder.T + bias
        sent = [2.0 * KL_WEIGHT * z * (forward.kl_gradient or 0.0)]
        if forward.reconstruction is not None and forward.gradient is not None:
            seen, gradient = (np.asarray(one, dtype=np.float64) for one in (forward.reconstruction, forward.gradient))
            decoded = sigmoid(z @ decoder.T + last_bias)
            kept = kept and seen.shape == decoded.shape and bool(np.abs(seen - decoded).max() < 1e-3)
            if not kept:
                break
            at_sum = gradient * seen * (1.0 - seen)
            parts[2].append(at_sum.T @ z)
            parts[3].append(at_sum.sum(axis=0))
            sent.append(at_sum @ decoder)
        for at_z in sent:
            parts[0].append(at_z.T @ given)
            parts[1].append(at_z.sum(axis=0))
        latents.append(z)
        images.append(given)
    if not latents:
        return None if kept else _Expected([], [], np.zeros(0), np.zeros(0), False)
    sums = [sum(part, np.zeros_like(weight)) for part, weight in zip(parts, weights, strict=True)]
    sizes = [sum(map(_norm, part)) for part in parts]
    return _Expected(sums, sizes, np.concatenate(latents), np.concatenate(images), kept)


def _is_multiple(rest: Float64Array, basis: Float64Array, blur: float) -> bool:
    """Whether what is left is the basis times a factor above 0, but for noise of size ``blur``."""
    factor = float((rest * basis).sum() / max(float((basis**2).sum()), 1e-30))
    return factor > 0.0 and _norm(rest - factor * basis) < 0.02 * _norm(rest) + blur


def _flat(parts: Sequence[Float64Array]) -> Float64Array:
    return np.concatenate([part.ravel() for part in parts])


def _directions(latents: Float64Array) -> Float64Array:
    lengths = np.sqrt((latents**2).sum(axis=1, keepdims=True))
    turned: Float64Array = latents / np.maximum(lengths, 1e-12)
    return turned


def _norm(values: Float64Array) -> float:
    return float(np.sqrt((np.asarray(values) ** 2).sum()))
