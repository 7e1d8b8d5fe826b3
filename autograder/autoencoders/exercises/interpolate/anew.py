"""Whether the images are encoded anew for single steps of the walk: a variational encoder then leaves the line."""

import numpy as np

from autograder.autoencoders.exercises.interpolate.misconceptions import INTERPOLATE
from autograder.autoencoders.exercises.interpolate.probe import Call, encode, pictures, shifts
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.verdicts import Finding, finding


def judge_varied(seed: int, call: Call) -> list[Finding]:
    """Findings about a call whose encoder gives another latent each time, where all other calls are right."""
    walk = np.asarray(call.decoded, dtype=np.float64)
    known = pictures(seed).reshape(2, -1)
    base, moves = encode(pictures(seed), seed), shifts(seed)
    ends: tuple[list[Float64Array], list[Float64Array]] = ([], [])
    for place, row in enumerate(np.asarray(call.encoded, dtype=np.float64)):
        for which in (0, 1):
            if close(row, known[which]):
                ends[which].append(base[which] + moves[place % len(moves)])
    if len(walk) < 2 or max(map(len, ends)) < 2:
        return []
    t = np.linspace(0.0, 1.0, len(walk))[:, None]
    if any(close(walk, first + t * (last - first), atol=1e-3) for first in ends[0] for last in ends[1]):
        return []
    return [finding(INTERPOLATE, "encoded-anew", count=sum(map(len, ends)))]
