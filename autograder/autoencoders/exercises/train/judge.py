"""Judge what the student's ``train`` did: its error, its reduction and its loop."""

from autograder.autoencoders.exercises.train.misconceptions import TRAIN
from autograder.autoencoders.reference import losses
from autograder.autoencoders.training import judge as training
from autograder.autoencoders.training.probe import TrainingRun
from autograder.judging.verdicts import Finding, Judgement, finding, not_looked_at

Observation = TrainingRun


def judge(seed: int, run: Observation) -> Judgement:
    """Findings about the student's ``train``."""
    if (stopped := training.judge_stopped(TRAIN, run)) is not None:
        return stopped
    chosen = training.passes(seed, TRAIN.key, run)
    return Judgement((*_judge_loss(chosen), *training.judge_loop(TRAIN, seed, run)))


def _judge_loss(chosen: list[training.Pass]) -> list[Finding]:
    not_compared = not_looked_at(TRAIN, ("reduction",), "Not looked at: see the error.")
    sent = [one.sent for one in chosen]
    usable = [step for step in sent if step is not None]
    if not usable or len(usable) < len(sent):
        return [finding(TRAIN, "no-gradient"), *not_compared]
    loss = losses.recognise_loss(usable)
    if loss is None:
        return [finding(TRAIN, "unknown-loss"), *not_compared]
    if loss.kind != "squared":
        return [training.name_kind(TRAIN, loss, chosen), *not_compared]
    factor = training.explain_factor(loss, chosen)
    return [] if factor.misconception is None else [finding(TRAIN, factor.misconception, **factor.values)]
