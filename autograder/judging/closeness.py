"""When two arrays count as the same, given that one of them was computed in float32."""

import numpy as np
import numpy.typing as npt

RTOL = 1e-4
ATOL = 1e-4


def close(seen: npt.ArrayLike, expected: npt.ArrayLike, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether both have one shape and agree everywhere; NaN agrees with nothing."""
    a, b = np.asarray(seen, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= atol + rtol * np.abs(b)))
