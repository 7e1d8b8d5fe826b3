"""Judge what the student's ``train`` did: its error, its reduction and its loop."""

import numpy as np

from autograder.autoencoders.exercises.train.misconceptions import TRAIN
from autograder.autoencoders.reference.losses import RecognisedLoss
from autograder.autoencoders.training import judge as training
from autograder.autoencoders.training.loop import stopped_early
from autograder.autoencoders.training.probe import TrainingRun
from autograder.judging.verdicts import Finding, Judgement, finding, not_looked_at

Observation = TrainingRun

_NOT_REDUCED = not_looked_at(TRAIN, ("reduction",), "Not looked at: see the error.")


def judge(seed: int, run: Observation) -> Judgement:
    """Findings about the student's ``train``."""
    if (silent := _judge_value(seed, run)) is not None:
        return silent
    if (stopped := training.judge_stopped(TRAIN, run)) is not None:
        return stopped
    seen = training.look(TRAIN, seed, run)
    slip = [*training.judge_slip(TRAIN, run), *([finding(TRAIN, "detached")] if run.cut else [])]
    if "labels-as-target" in run.slip_names:  # a mean of what is no error of the images says nothing
        slip += _NOT_REDUCED
    return Judgement((*slip, *seen.error, *_judge_reduction(seen), *seen.loop(TRAIN, run)))


def _judge_reduction(seen: training.Seen) -> list[Finding]:
    factor = None if seen.loss is None else training.explain_factor(seen.loss, seen.chosen)
    if factor is None:
        return list(_NOT_REDUCED)
    return [] if factor.misconception is None else [finding(TRAIN, factor.misconception, **factor.values)]


def _judge_value(seed: int, run: TrainingRun) -> Judgement | None:
    """The judgement by the loss's value where it sends no gradient; ``None`` where it does, or that says nothing."""
    key, one = training.silent_loss(run), training.one_pass(seed, TRAIN, run)
    if not key or one is None or run.loss is None:
        return None
    squared = ((one.reconstruction - one.images) ** 2).sum()
    factor = training.explain_factor(RecognisedLoss("squared", np.array([run.loss / squared])), [one])
    if factor is None or factor.misconception in ("scaled", "root", "root-mean"):
        return None
    reduction = [] if factor.misconception is None else [finding(TRAIN, factor.misconception, **factor.values)]
    return Judgement((training.find_slip(TRAIN, run.failure, key), *reduction, stopped_early(TRAIN, 0)))
