"""When two arrays count as the same, given that one of them was computed in float32."""

from math import isfinite

import numpy as np
import numpy.typing as npt

RTOL = 1e-4
ATOL = 1e-4
# What float32 may round off a sum, as a part of its largest term.
_ROUNDED_OFF = 1e-6


def atol_among(numbers: npt.ArrayLike) -> float:
    """The absolute tolerance for numbers of which some may be large: ``ATOL``, and more where a number is above 100."""
    sizes = np.abs(np.asarray(numbers, dtype=np.float64))
    return max(ATOL, _ROUNDED_OFF * float(sizes.max(where=np.isfinite(sizes), initial=0.0)))


def close(seen: npt.ArrayLike, expected: npt.ArrayLike, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether both have one shape and agree everywhere; NaN agrees with nothing, infinity with itself alone."""
    a, b = np.asarray(seen, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if a.shape != b.shape:
        return False
    # A judge tries thousands of hypotheses, of which the first number refutes nearly all.
    if a.size and not _is_close(a.item(0), b.item(0), rtol, atol):
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        return bool(((np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b) | (a == b)).all())


def _is_close(seen: float, expected: float, rtol: float, atol: float) -> bool:
    return seen == expected or (isfinite(expected) and abs(seen - expected) <= atol + rtol * abs(expected))
