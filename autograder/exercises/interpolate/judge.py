"""Judge what the student's ``interpolate`` decoded: the ends, the line between them, and the count."""

import numpy as np

from autograder.exercises.failures import judge_failure, printable, where
from autograder.exercises.interpolate.probe import DEFAULT_COUNT, Call, Observation, encode, pictures
from autograder.exercises.interpolate.texts import INTERPOLATE
from autograder.exercises.judgement import Finding, Judgement, everything, found, lost
from autograder.exercises.networks.judge import unique
from autograder.oracle.closeness import close
from autograder.probes import Float64Array

_ON_LINE = 1e-3


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``interpolate``."""
    if seen.absent is not None:
        return judge_failure(INTERPOLATE, seen.absent)
    if not any(len(call.decoded) for call in seen.calls):
        return _judge_nothing(seen)
    images = pictures(seed)
    z_1, z_2 = encode(images, seed)
    findings = [*_judge_counts(seen.calls), *_judge_rest(seen.calls)]
    walks = [np.asarray(call.decoded, dtype=np.float64) for call in seen.calls if len(call.decoded)]
    if _blends_pixels(seen.calls, images.reshape(2, -1)):
        findings.append(found(INTERPOLATE, "pixels-blended"))
        findings += [finding for walk in walks for finding in _judge_ends(walk, z_1, z_2)]
        return Judgement(unique(findings))
    random = _random(walks)
    for walk in walks:
        findings += _judge_walk(walk, z_1, z_2, random, len(_distinct(seen.calls)))
    return Judgement(unique(findings))


def _blends_pixels(calls: tuple[Call, ...], images: Float64Array) -> bool:
    """Whether the encoder was given images that are neither of the two."""
    rows = (row for call in calls for row in np.asarray(call.encoded, dtype=np.float64))
    return any(not close(row, images[0]) and not close(row, images[1]) for row in rows)


def _random(walks: list[Float64Array]) -> bool:
    """Whether walks that should begin alike begin in different places."""
    return any(not close(walk[0], walks[0][0], atol=1e-5) for walk in walks)


def _judge_nothing(seen: Observation) -> Judgement:
    first = seen.calls[0]
    if seen.stand_in_called:
        return everything(INTERPOLATE, found(INTERPOLATE, "other-model"))
    if first.failure is None:
        return everything(INTERPOLATE, found(INTERPOLATE, "nothing-decoded"))
    for kind in ("list", "tuple"):
        if f"must be Tensor, not {kind}" in first.failure.message:
            return everything(INTERPOLATE, found(INTERPOLATE, "not-stacked", kind=kind))
    for message, key in _FAILURES.items():
        if message in first.failure.message:
            return everything(INTERPOLATE, found(INTERPOLATE, key, line=where(first.failure)))
    return judge_failure(INTERPOLATE, first.failure)


_FAILURES = {
    "linspace only supports 0-dimensional": "linspace-of-latents",
    "only one element tensors can be converted": "tensor-of-tensors",
    "must match the size of tensor b": "parts-meet-numbers",
}


def _judge_counts(calls: tuple[Call, ...]) -> list[Finding]:
    asked = [DEFAULT_COUNT if call.count is None else call.count for call in calls]
    got = [len(call.decoded) for call in calls]
    if got == asked:
        return []
    if set(got) == {2}:
        return [found(INTERPOLATE, "only-ends"), *lost(INTERPOLATE, ("line",), "Not looked at: see the count.")]
    if len(set(got)) == 1:
        return [found(INTERPOLATE, "count-fixed", got=got[0])]
    wrong = next(place for place in range(len(calls)) if got[place] != asked[place])
    return [found(INTERPOLATE, "wrong-count", asked=asked[wrong], got=got[wrong])]


def _judge_rest(calls: tuple[Call, ...]) -> list[Finding]:
    """A note on an error in what comes after decoding, which was given."""
    failure = next((call.failure for call in calls if call.failure is not None and len(call.decoded)), None)
    if failure is None or failure.kind != "raised":
        return []
    error = f"{printable(failure.error, 80)}: {printable(failure.message)}".rstrip(".: ")
    return [found(INTERPOLATE, "stopped-after-decoding", error=error)]


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
        return [found(INTERPOLATE, key, count=len(walk)), *lost(INTERPOLATE, ("ends",), "Not looked at: see the line.")]
    return _judge_parts(parts, random)


def _distinct(calls: tuple[Call, ...]) -> set[bytes]:
    return {np.ascontiguousarray(row).tobytes() for call in calls for row in np.asarray(call.encoded)}


def _name_off_line(walk: Float64Array, z_1: Float64Array, z_2: Float64Array, off: float, random: bool) -> Finding:
    if random:
        return found(INTERPOLATE, "noise-added", off=off)
    if len(walk) > 2 and close(walk, _sphere(z_1, z_2, len(walk)), atol=1e-3):
        return found(INTERPOLATE, "sphere")
    return found(INTERPOLATE, "off-line", off=off)


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
    return [found(INTERPOLATE, "wrong-ends", first=first, last=last)]


def _judge_parts(parts: Float64Array, random: bool) -> list[Finding]:
    """Findings about the parts of the way at which the latents lie, when all lie on the line."""
    count = len(parts)
    even = np.linspace(0.0, 1.0, count)
    if close(parts, even, atol=1e-3):
        return []
    first, last = (round(float(part), 4) + 0.0 for part in (parts[0], parts[-1]))
    if close(parts, even[::-1], atol=1e-3):
        return [found(INTERPOLATE, "reversed")]
    findings = []
    starts, stops = abs(first) < 1e-3, abs(last - 1.0) < 1e-3
    if first < -1e-3 or last > 1.0 + 1e-3:
        findings.append(found(INTERPOLATE, "too-far", first=first, last=last))
    elif starts and not stops:
        findings.append(found(INTERPOLATE, "last-missing", last=last))
    elif stops and not starts:
        findings.append(found(INTERPOLATE, "first-missing", first=first))
    elif not starts and not stops:
        findings.append(found(INTERPOLATE, "open-ends", first=first, last=last))
    steps = np.diff(parts)
    if np.ptp(steps) > 2e-3:
        spelt = ", ".join(f"{part:.2f}" for part in parts[:5].round(2) + 0.0) + (", …" if count > 5 else "")
        findings.append(found(INTERPOLATE, "random-steps" if random else "uneven", parts=spelt))
    return findings
