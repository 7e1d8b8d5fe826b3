"""The digits written at the middle of their points, so that none hides another."""

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

Points = npt.NDArray[Any]

# Paul Tol's "muted" colours and black: distinct for all kinds of colour vision. The digits are written in as well.
COLORS = (
    *("#332288", "#88CCEE", "#44AA99", "#117733", "#999933"),
    *("#DDCC77", "#CC6677", "#882255", "#AA4499", "#000000"),
)
_LEAST = 0.065  # of an axis' length lie between two names
_STEPS = 200


def write_digits(ax: Axes, points: Points, digits: Points) -> None:
    """Write each digit at the middle of its points; where two would hide each other, a little aside, with a line.

    Args:
        ax: where the points are drawn.
        points: their places, shape (n, 2).
        digits: which digit each of them is.
    """
    names = np.unique(digits)
    middles = np.array([np.median(points[digits == name], axis=0) for name in names])
    size = np.maximum(np.ptp(points, axis=0), 1e-12)
    for name, middle, place in zip(names, middles, apart(middles / size) * size, strict=True):
        if np.linalg.norm((place - middle) / size) > _LEAST / 3:
            ax.plot(*np.stack([middle, place]).T, color="black", linewidth=0.8, zorder=4)
        across, up = (float(at) for at in place)
        text = ax.text(across, up, str(name), fontsize=14, weight="bold", ha="center", va="center", zorder=5)
        text.set_path_effects([withStroke(linewidth=4, foreground="white")])


def apart(places: Points) -> Points:
    """Places moved until any two of them are far enough from each other, all as little as that takes."""
    moved: Points = places + 1e-6 * np.arange(places.size).reshape(places.shape)  # none exactly on top of another
    for _ in range(_STEPS):
        between = moved[:, None] - moved[None]
        distance = np.linalg.norm(between, axis=2) + np.eye(len(moved))
        lacking = np.clip(_LEAST - distance, 0, None) * (1 - np.eye(len(moved)))
        if not lacking.any():
            break
        moved = moved + 0.5 * (between / distance[:, :, None] * lacking[:, :, None]).sum(axis=1)
    return moved
