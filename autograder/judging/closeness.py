"""When two arrays count as the same, given that one of them was computed in float32."""

import numpy as np
import numpy.typing as npt

RTOL = 1e-4
ATOL = 1e-4


def close(seen: npt.ArrayLike, expected: npt.ArrayLike, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether both have one shape and agree everywhere; NaN agrees with nothing, infinity with itself alone."""
    a, b = np.asarray(seen, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=rtol, atol=atol))
