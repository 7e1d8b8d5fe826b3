"""Judging what learns through the sample, of layers that are not recognised: what moves and is unknown to autograd."""

from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.networks.moves import Moves, same, share
from autograder.judging.verdicts import Finding, finding

# The numbers that were watched, in order, with what is said where none of their parameters learns.
_HEADS = (("μ", "mu-cut-off"), ("log σ", "sigma-cut-off"))


def judge_moves(moves: Moves) -> list[Finding]:
    """Whether the gradient knows of every parameter that moves μ, or σ, and how much."""
    if not moves.is_finite:
        return []
    of_mu, of_sigma = moves.missing(0), moves.missing(1)
    both = moves.moving(0) & moves.moving(1)
    for number, (head, cut_off) in enumerate(_HEADS):
        moving, missing = moves.moving(number), moves.missing(number)
        if not missing.any():
            continue
        if (missing == moving).all():
            return [finding(EXERCISE, cut_off)]
        if (of_mu == of_sigma).all():
            return [finding(EXERCISE, "partly-detached")]
        if not (missing & ~both).any():
            return [finding(EXERCISE, "head-cut-off", head=head)]
    for seen, recorded in zip(moves.seen, moves.recorded, strict=True):
        if not same(recorded, seen).all():
            return [finding(EXERCISE, "wrong-gradient", ratio=share(recorded, seen))]
    return []
