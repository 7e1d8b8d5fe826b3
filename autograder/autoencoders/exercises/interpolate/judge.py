"""Judge what the student's ``interpolate`` decoded: the ends, the line between them, and the count."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.exercises.interpolate.anew import judge_varied
from autograder.autoencoders.exercises.interpolate.misconceptions import INTERPOLATE
from autograder.autoencoders.exercises.interpolate.probe import (
    COUNTS,
    DEFAULT_COUNT,
    LATENT_DIMS,
    Call,
    Observation,
    encode,
    pictures,
)
from autograder.autoencoders.rewriting.prices import paid_once
from autograder.course.complete import demand
from autograder.course.draws import Float64Array
from autograder.course.observation import Array, Failure
from autograder.judging.closeness import ATOL, RTOL, close
from autograder.judging.failures import exception_text, judge_failure, name_failure, quoted_line
from autograder.judging.verdicts import Finding, Judgement, each_once, fail_all_checks, finding, not_looked_at

_ON_LINE = _AT_END = 1e-3
_SIZES = f"Here `n` is {COUNTS[0]}, and a latent vector has {LATENT_DIMS} numbers."
# What is said of latents that the notebook's decoder would not take.
_UNFIT = {
    "list": "not-stacked",
    "tuple": "not-stacked",
    "ndarray": "array-decoded",
    "float64": "double-decoded",
    "row": "joined-end-to-end",
    "columns": "in-columns",
}


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``interpolate``."""
    if seen.absent is not None:
        return judge_failure(INTERPOLATE, seen.absent)
    if seen.is_of_another_model:
        return fail_all_checks(INTERPOLATE, finding(INTERPOLATE, "other-model"))
    if not any(len(call.decoded) > (call.failure is not None) for call in seen.calls):
        return _judge_nothing_decoded(seen)
    images = pictures(seed)
    z_1, z_2 = latents = encode(images, seed)
    _demand_encoded(seen.calls, images.reshape(2, -1), latents)
    findings = [*_judge_counts(seen.calls), *_judge_rest(seen.calls)]
    findings += [paid_once(finding(INTERPOLATE, "other-model"))] if seen.other_model else []
    walks = [np.asarray(call.decoded, dtype=np.float64) for call in seen.calls if len(call.decoded)]
    if _blends_pixels(seen.calls, images.reshape(2, -1)):
        findings.append(finding(INTERPOLATE, "pixels-blended"))
        findings += [one for walk in walks for one in _judge_ends(walk, z_1, z_2)]
        return Judgement(each_once(findings))
    for walk in walks:
        findings += _judge_walk(walk, z_1, z_2, random=_is_random(walks), encoded=_count_encoded(seen.calls))
    if seen.varied is not None and not any(one.check in ("line", "ends") for one in findings):
        findings += judge_varied(seed, seen.varied)
    return Judgement(each_once(findings))


def _demand_encoded(calls: tuple[Call, ...], images: Float64Array, latents: Float64Array) -> None:
    """Demand that the encoder was given the image of each latent that was decoded: it comes from nowhere else.

    Raises:
        Incomplete: it was not.
    """
    for call in calls:
        for image, latent in zip(images, latents, strict=True):
            known = not _holds(call.decoded, latent) or _holds(call.encoded, image)
            demand(known, "an image whose latent was decoded")


def _holds(rows: Array, row: Float64Array) -> bool:
    return bool(np.isclose(rows, row, rtol=RTOL, atol=ATOL).all(axis=1).any())


def _blends_pixels(calls: tuple[Call, ...], images: Float64Array) -> bool:
    """Whether the encoder was given images that are neither of the two."""
    rows = (row for call in calls for row in np.asarray(call.encoded, dtype=np.float64))
    return any(not close(row, images[0]) and not close(row, images[1]) for row in rows)


def _is_random(walks: Sequence[Float64Array]) -> bool:
    """Whether walks that should begin alike begin in different places."""
    return any(not close(walk[0], walks[0][0], atol=1e-5) for walk in walks)


def _count_encoded(calls: tuple[Call, ...]) -> int:
    """How many different images the encoder was given."""
    return len({np.ascontiguousarray(row).tobytes() for call in calls for row in np.asarray(call.encoded)})


def _judge_nothing_decoded(seen: Observation) -> Judgement:
    first = seen.calls[0]
    if first.failure is None:
        return fail_all_checks(INTERPOLATE, finding(INTERPOLATE, "nothing-decoded"))
    if first.unfit == "pictures":
        return fail_all_checks(INTERPOLATE, finding(INTERPOLATE, "pictures-decoded"))
    judgement = judge_failure(INTERPOLATE, first.failure, sizes=_SIZES)
    # What has a name of its own here is a wrong answer, not only an error.
    return Judgement(judgement.findings) if judgement.is_about(*_NAMED_FAILURES) else judgement


_NAMED_FAILURES = ("not-stacked", "linspace-of-latents", "tensor-of-tensors", "parts-meet-numbers")


def _judge_counts(calls: tuple[Call, ...]) -> list[Finding]:
    asked = [DEFAULT_COUNT if call.count is None else call.count for call in calls]
    got = [len(call.decoded) for call in calls]
    if got == asked:
        return []
    if set(got) == {2} and any(call.decoded_twice for call in calls):
        # Both are what `autoencoder(x)` has decoded on the way.
        rest = not_looked_at(INTERPOLATE, ("count",), "Not looked at: see the line.")
        return [finding(INTERPOLATE, "pictures-decoded"), *rest]
    if set(got) == {2}:
        rest = not_looked_at(INTERPOLATE, ("line",), "Not looked at: see the count.")
        return [finding(INTERPOLATE, "only-ends"), *rest]
    if len(set(got)) == 1:
        return [finding(INTERPOLATE, "count-fixed", got=got[0])]
    wrong = next(place for place in range(len(calls)) if got[place] != asked[place])
    return [finding(INTERPOLATE, "wrong-count", asked=asked[wrong], got=got[wrong])]


def _judge_rest(calls: tuple[Call, ...]) -> list[Finding]:
    """What is said about what was decoded beside the numbers in it, and about what comes after, which was given."""
    if (stopped := next((call.stopped for call in calls if call.stopped is not None), None)) is not None:
        return [_name_stop(calls, stopped)]
    unfit = next((call.unfit for call in calls if call.unfit in _UNFIT), "")
    if unfit:
        return [finding(INTERPOLATE, _UNFIT[unfit], kind=unfit)]
    if any(call.decoded_twice for call in calls):
        return [finding(INTERPOLATE, "decoded-twice")]
    failure = next((call.failure for call in calls if call.failure is not None and len(call.decoded)), None)
    if failure is None or failure.kind != "raised":
        return []
    return [finding(INTERPOLATE, "stopped-after-decoding", error=exception_text(failure).rstrip(".: "))]


def _name_stop(calls: tuple[Call, ...], stopped: Failure) -> Finding:
    """The finding for a line at which the function stops: the rest was seen by letting it pass."""
    if any(call.mended == "unpacked" for call in calls):
        return finding(INTERPOLATE, "encoder-unpacked", line=quoted_line(stopped))
    named = name_failure(INTERPOLATE, stopped, _SIZES)
    if any(call.mended == "rewritten" for call in calls):
        return paid_once(named)
    return Finding("count", named.message, INTERPOLATE.check("count").points, named.misconception)


def _judge_walk(walk: Float64Array, z_1: Float64Array, z_2: Float64Array, random: bool, encoded: int) -> list[Finding]:
    """Findings about one walk.

    Args:
        walk: the decoded latents, shape (count, L).
        z_1: where it should begin.
        z_2: where it should end.
        random: whether the walks of several calls differ by chance.
        encoded: how many different images the encoder was given.
    """
    way = z_2 - z_1
    parts = (walk - z_1) @ way / (way @ way)
    off = np.abs(walk - (z_1 + parts[:, None] * way)).max(axis=1)
    if not off.max() <= _ON_LINE:  # which NaN is not, either
        return [_name_off_line(walk, z_1, z_2, float(off.max()), random), *_judge_ends(walk, z_1, z_2)]
    if np.ptp(parts) < 1e-4:
        one_image = close(parts, np.zeros_like(parts)) or close(parts, np.ones_like(parts))
        key = "same-image" if one_image and encoded < 2 else "standing-still"
        rest = not_looked_at(INTERPOLATE, ("ends",), "Not looked at: see the line.")
        return [finding(INTERPOLATE, key, count=len(walk)), *rest]
    return _judge_parts(parts, random)


def _name_off_line(walk: Float64Array, z_1: Float64Array, z_2: Float64Array, off: float, random: bool) -> Finding:
    t = np.linspace(0.0, 1.0, len(walk))[:, None]
    right = z_1 + t * (z_2 - z_1)
    low, high = np.minimum(z_1, z_2), np.maximum(z_1, z_2)
    if close(walk, low + t * (high - low), atol=1e-3):
        return finding(INTERPOLATE, "small-to-large")
    if close(np.sort(walk, axis=None), np.sort(right, axis=None), atol=1e-3):
        return finding(INTERPOLATE, "numbers-mixed")
    if random:
        return finding(INTERPOLATE, "noise-added", off=off)
    empty = ~np.any(walk, axis=1)
    if empty.any() and close(walk[~empty], right[~empty], atol=1e-3):
        return finding(INTERPOLATE, "never-filled", count=int(empty.sum()))
    if len(walk) > 2 and close(walk, _sphere(z_1, z_2, len(walk)), atol=1e-3):
        return finding(INTERPOLATE, "sphere")
    if (weights := _even_weights(walk, z_1, z_2)) is not None:
        (a, b), (c, d) = weights.round(2) + 0.0
        return finding(INTERPOLATE, "weights-not-one", first=f"{a:g} to {b:g}", second=f"{c:g} to {d:g}")
    return finding(INTERPOLATE, "off-line", off=off)


def _even_weights(walk: Float64Array, z_1: Float64Array, z_2: Float64Array) -> Float64Array | None:
    """From what to what the weight of each latent runs, shape (2, 2), where the walk is a sum of both in even steps."""
    both = np.stack([z_1, z_2])
    weights: Float64Array = np.linalg.lstsq(both.T, walk.T, rcond=None)[0].astype(np.float64)
    ends: Float64Array = weights[:, [0, -1]]
    t = np.linspace(0.0, 1.0, len(walk))
    even: Float64Array = ends[:, :1] + t * (ends[:, 1:] - ends[:, :1])
    return ends if len(walk) > 2 and close(even.T @ both, walk, atol=1e-3) else None


def _sphere(z_1: Float64Array, z_2: Float64Array, count: int) -> Float64Array:
    """Spherical linear interpolation (Shoemake, "Animating rotation with quaternion curves", 1985)."""
    cosine = float(z_1 @ z_2 / np.sqrt((z_1 @ z_1) * (z_2 @ z_2)))
    angle = float(np.arccos(np.clip(cosine, -1.0, 1.0)))
    t = np.linspace(0.0, 1.0, count)[:, None]
    walk: Float64Array = (np.sin((1 - t) * angle) * z_1 + np.sin(t * angle) * z_2) / max(np.sin(angle), 1e-9)
    return walk


def _judge_ends(walk: Float64Array, z_1: Float64Array, z_2: Float64Array) -> list[Finding]:
    if close(walk[0], z_1, atol=1e-3) and close(walk[-1], z_2, atol=1e-3):
        return []
    first, last = float(np.abs(walk[0] - z_1).max()), float(np.abs(walk[-1] - z_2).max())
    return [finding(INTERPOLATE, "wrong-ends", first=first, last=last)]


def _judge_parts(parts: Float64Array, random: bool) -> list[Finding]:
    """Findings about the parts of the way at which the latents lie, when all lie on the line."""
    even = np.linspace(0.0, 1.0, len(parts))
    if close(parts, even, atol=_AT_END):
        return []
    findings = _judge_first_and_last(parts)
    if np.ptp(np.diff(parts)) > 2e-3:
        spelt = ", ".join(f"{part:.2f}" for part in parts[:5].round(2) + 0.0) + (", …" if len(parts) > 5 else "")
        findings.append(finding(INTERPOLATE, "random-steps" if random else "uneven", parts=spelt))
    return findings


def _judge_first_and_last(parts: Float64Array) -> list[Finding]:
    first, last = (round(float(part), 4) + 0.0 for part in (parts[0], parts[-1]))
    starts, stops = abs(first) < _AT_END, abs(last - 1.0) < _AT_END
    if starts and parts.max() < _AT_END:
        return [finding(INTERPOLATE, "other-way", last=last)]
    if first < -_AT_END or max(first, last) > 1.0 + _AT_END:
        return [finding(INTERPOLATE, "too-far", first=first, last=last)]
    if starts and stops:
        return []
    if np.all(np.diff(parts) < 0.0):
        return [finding(INTERPOLATE, "reversed", first=first, last=last)]
    key = "last-missing" if starts else "first-missing" if stops else "open-ends"
    return [finding(INTERPOLATE, key, first=first, last=last)]
