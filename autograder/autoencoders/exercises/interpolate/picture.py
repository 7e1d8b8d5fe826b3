"""The walk that was decoded, seen from the side of the line that it should follow."""

import numpy as np

from autograder.autoencoders.exercises.interpolate.probe import Observation, encode, pictures
from autograder.course.chart import Chart, Layer
from autograder.course.picture import Picture, draw

_MOST = 40
_OFF, _LITTLE = 1e-3, 0.15  # less beside the line than the first is nothing; than the second, hard to see
_SHOWN = frozenset({
    "pixels-blended", "sphere", "noise-added", "small-to-large", "off-line", "uneven", "random-steps", "last-missing",
    "first-missing", "open-ends", "reversed", "other-way", "too-far", "wrong-ends",
})  # fmt: skip


def picture(seed: int, seen: Observation, mistakes: frozenset[str]) -> Picture | None:
    """The first walk: which part of the way each of its latents lies at, and how far beside it."""
    walk = next((np.asarray(call.decoded, np.float64) for call in seen.calls if 1 < len(call.decoded) <= _MOST), None)
    if walk is None or not mistakes & _SHOWN:
        return None
    z_1, z_2 = encode(pictures(seed), seed)
    way = z_2 - z_1
    parts = (walk - z_1) @ way / (way @ way)
    beside = walk - z_1 - parts[:, None] * way
    # Of all directions at right angles to the way, the one in which the walk is widest.
    across = beside @ np.linalg.svd(beside)[2][0] if np.abs(beside).max() > _OFF else 0.0 * parts
    return draw("walk", along=parts, across=across / np.sqrt(way @ way))


def chart(picture: Picture) -> Chart:
    """The walk beside an even one on the line."""
    along, across = picture.series["along"], picture.series["across"]
    count, names = len(along), tuple(str(number) for number in range(1, len(along) + 1))
    even = [number / (count - 1) for number in range(count)]
    furthest = max(map(abs, across))
    is_on_line = furthest == 0.0
    asked = Layer("evenly on the straight line", even, [0.0] * count, "rings", "asked")
    ends = Layer("", (0.0, 1.0), (0.0, 0.0), "dots", "asked", ("z_1", "z_2"))
    straight, path = Layer("", (0.0, 1.0), (0.0, 0.0), "dashed", "asked"), Layer("", along, across, "line")
    # Where all lie on the line, they would cover what they are to be compared with.
    yours = Layer("yours, in order", along, [1.0] * count if is_on_line else across, "dots", names=names)
    return Chart(
        caption="The latents that your function decoded, and where evenly spaced ones on the line would lie.",
        alt=(
            f"{count} latents: the first lies at part {along[0]:.2f} of the way from z_1 to z_2, the last at "
            f"{along[-1]:.2f}, and the furthest is {furthest:.2f} of the way's length beside the line."
        ),
        x="part of the way from z_1 to z_2",
        y="" if is_on_line else "beside the line" if furthest > _LITTLE else "beside the line, stretched",
        layers=(straight, asked, ends, yours) if is_on_line else (straight, asked, path, ends, yours),
        scale="equal" if furthest > _LITTLE else "free",
        shown=(-1.0, 2.0) if is_on_line else None,
    )
