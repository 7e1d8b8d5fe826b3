"""Judge what the student's ``train`` did: its error, its reduction and its loop."""

from autograder.exercises.judgement import Finding, Judgement, found, lost
from autograder.exercises.train.probe import KEY, Observation
from autograder.exercises.train.texts import TRAIN
from autograder.exercises.training import judge as training
from autograder.oracle import losses


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``train``."""
    run = seen.run
    if (stopped := training.stopped(TRAIN, run)) is not None:
        return stopped
    chosen = training.passes(seed, KEY, run)
    return Judgement((*_judge_loss(chosen), *training.loop(TRAIN, seed, run)))


def _judge_loss(chosen: list[training.Pass]) -> list[Finding]:
    not_compared = lost(TRAIN, ("reduction",), "Not looked at: see the error.")
    sent = [one.sent for one in chosen]
    usable = [step for step in sent if step is not None]
    if not usable or len(usable) < len(sent):
        return [found(TRAIN, "no-gradient"), *not_compared]
    reading = losses.read(usable)
    if reading is None:
        return [found(TRAIN, "unknown-loss"), *not_compared]
    if reading.kind != "squared":
        return [training.name_kind(TRAIN, reading, chosen), *not_compared]
    factor = training.squared_factor(reading, chosen)
    return [] if factor.key is None else [found(TRAIN, factor.key, **factor.values)]
