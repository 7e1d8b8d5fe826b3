"""Judging the gradient of ``kl`` where the layers are not recognised: how it moves, and what autograd knows of that.

A right KL is the sum of a part of μ and one of σ. What is cut off shows in which of the two reaches the parameters.
"""

import numpy as np

from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.networks.moves import Mask, Moves, same, share
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, finding

# The numbers that were watched, in order.
MU, SIGMA, DIVERGENCE = range(3)


def judge_moves(moves: Moves) -> list[Finding]:
    """Findings about the gradient of a KL whose value is right."""
    if not moves.is_finite:
        return []
    recorded, seen = moves.recorded[DIVERGENCE], moves.seen[DIVERGENCE]
    if same(recorded, seen).all():
        return []
    factor = share(seen, moves.seen[MU] + moves.seen[SIGMA])
    of_mu, of_sigma = factor * moves.seen[MU], factor * moves.seen[SIGMA]
    for missing, rest in (("σ", of_mu), ("μ", of_sigma)):
        if same(recorded, rest).all():
            return [finding(KL, "partly-detached", missing=missing)]
    trunk = moves.moving(MU) & moves.moving(SIGMA)
    if not trunk.any() or not same(recorded[~trunk], seen[~trunk]).all():
        return [finding(KL, "wrong-gradient", ratio=share(recorded, seen))]
    if not _learns_from_z(moves, trunk):
        return []  # the sampling is charged for that
    return _judge_trunk(recorded[trunk], seen[trunk], of_mu[trunk], of_sigma[trunk])


def _learns_from_z(moves: Moves, trunk: Mask) -> bool:
    return all(bool(same(moves.recorded[part], moves.seen[part])[trunk].all()) for part in (MU, SIGMA))


def _judge_trunk(
    recorded: Float64Array, seen: Float64Array, of_mu: Float64Array, of_sigma: Float64Array
) -> list[Finding]:
    if not np.any(recorded):
        return [finding(KL, "trunk-cut")]
    for through, part in (("μ", of_mu), ("σ", of_sigma)):
        if same(recorded, part).all():
            return [finding(KL, "trunk-partly-cut", through=through)]
    return [finding(KL, "wrong-gradient", ratio=share(recorded, seen))]
