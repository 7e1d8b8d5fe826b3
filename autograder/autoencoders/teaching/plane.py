"""The plane in which latent vectors are drawn, however many dimensions they have."""

from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[Any]


class LatentPlane:
    """A plane through the latent space, for plots.

    Two latent dimensions are drawn as they are. Of more, the plane is the one in which these latent vectors differ
    most: it holds the first two principal components. A single dimension is drawn along the first axis.

    Args:
        z: latent vectors, shape (n, latent_dims).

    Attributes:
        labels: what the two axes are called.
    """

    def __init__(self, z: Points) -> None:
        dims = z.shape[1]
        if dims > 2:
            self._middle = z.mean(axis=0)
            spread, directions = _principal_components(z - self._middle)
            self._directions = directions[:2]
            shares = spread[:2] / max(spread.sum(), 1e-12)
            first, second = (
                f"principal component of {dims} dimensions ({share:.0%} of the variance)" for share in shares
            )
            self.labels = f"first {first}", f"second {second}"
        else:
            self._middle, self._directions = np.zeros(dims), np.eye(2, dims)
            self.labels = "first latent dimension", "second latent dimension" if dims == 2 else "(there is only one)"

    def project(self, z: Points) -> Points:
        """Where latent vectors lie in the plane, shape (n, 2)."""
        where: Points = (z - self._middle) @ self._directions.T
        return where

    def lift(self, points: Points) -> Points:
        """The latent vectors of points in the plane, shape (n, latent_dims), as float32."""
        z: Points = self._middle + points @ self._directions
        return z.astype(np.float32)


def _principal_components(centred: Points) -> tuple[Points, Points]:
    """Variance along each principal component, and their directions, each with its largest coordinate positive."""
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    largest = np.abs(directions).argmax(axis=1)
    signs = np.sign(directions[np.arange(len(directions)), largest])
    return lengths**2, directions * signs[:, None]
