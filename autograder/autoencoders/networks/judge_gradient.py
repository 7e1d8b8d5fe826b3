"""Judging which of a network's parameters learn, whatever its layers are."""

from collections.abc import Collection

import numpy as np

from autograder.autoencoders.networks.probe import NetworkRun
from autograder.course.exercise import Exercise
from autograder.judging.verdicts import Finding, finding

# So many parameters are named in a message.
_MOST_NAMES = 2


def judge_gradient(exercise: Exercise, run: NetworkRun, first: Collection[int], longer: bool) -> list[Finding]:
    """The finding for a gradient that does not arrive, at any layer or at the first one's parameters."""
    if not np.isfinite([*run.gradient, run.input_gradient]).all():
        return [finding(exercise, "gradient-not-finite")]
    if not any(run.gradient):
        return [finding(exercise, "no-gradient-seen" if longer else "detached")]
    if first and not any(run.gradient[place] for place in first):
        return [finding(exercise, "partly-detached")]
    return []


def judge_moves(exercise: Exercise, run: NetworkRun) -> list[Finding]:
    """The finding for parameters that move the output, and that no gradient reaches."""
    if run.moves is None or not run.moves.is_finite or not (missing := run.moves.missing(0)).any():
        return []
    drawn = [one.name for one in run.parameters if one.drawn]
    names = [f"`{name}`" for name, is_missing in zip(drawn, missing, strict=False) if is_missing]
    shown = ", ".join(names[:_MOST_NAMES]) + (" and others" if len(names) > _MOST_NAMES else "")
    return [finding(exercise, "layer-detached", names=shown)]
