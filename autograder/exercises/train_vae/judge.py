"""Judge what the student's ``train_vae`` did: KL term, reconstruction, their balance, and the loop."""

import numpy as np

from autograder.exercises.failures import where
from autograder.exercises.judgement import Finding, Judgement, Status, everything, found, lost
from autograder.exercises.observation import Failure
from autograder.exercises.train_vae.probe import KEY, Observation
from autograder.exercises.train_vae.texts import TRAIN_VAE
from autograder.exercises.training import judge as training
from autograder.exercises.training.probe import TrainingRun
from autograder.oracle import losses
from autograder.probes import PIXELS, Float64Array

_NOT_COMPARED = "Not looked at: one of the two terms is missing."


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``train_vae``."""
    run = seen.run
    if run.failure is not None and run.own_model_trained:
        return Judgement((found(TRAIN_VAE, "changed-interface"),))
    if run.failure is not None and run.steps and "backward through the graph a second time" in run.failure.message:
        return everything(TRAIN_VAE, found(TRAIN_VAE, "kl-from-before"))
    if run.failure is not None and (key := _misuse(run.failure)):
        return everything(TRAIN_VAE, found(TRAIN_VAE, key, line=where(run.failure)), Status.ERROR)
    if (stopped := training.stopped(TRAIN_VAE, run)) is not None:
        return stopped
    chosen = training.passes(seed, KEY, run)
    return Judgement((*_judge_terms(run, chosen), *training.loop(TRAIN_VAE, seed, run)))


def _misuse(failure: Failure) -> str:
    """The misconception in how the model is used, where the error shows one; else empty."""
    if failure.error in ("AttributeError", "NameError") and ".kl" in failure.line:
        return "kl-not-there"
    if failure.error == "ValueError" and "to unpack" in failure.message:
        return "model-unpacked"
    return ""


def _judge_terms(run: TrainingRun, chosen: list[training.Pass]) -> list[Finding]:
    weights = _kl_weights(chosen)
    sent = [one.sent for one in chosen]
    usable = [step for step in sent if step is not None]
    if not usable and not any(one.forward.kl_gradient for one in chosen):
        silent = lost(TRAIN_VAE, ("kl", "balance"), "Not looked at: no gradient arrives anywhere.")
        return [found(TRAIN_VAE, "no-gradient"), *silent]
    findings: list[Finding] = []
    if weights is None:
        delayed = _kl_arrives_late(run)
        findings.append(found(TRAIN_VAE, "kl-from-before" if delayed else "kl-left-out"))
    if not usable or len(usable) < len(sent):
        findings.append(found(TRAIN_VAE, "no-reconstruction"))
        return [*findings, *lost(TRAIN_VAE, ("balance",), _NOT_COMPARED)]
    reading = losses.read(usable)
    if reading is not None and weights is not None and _is_product(weights, reading.factors, chosen):
        return [found(TRAIN_VAE, "multiplied"), *lost(TRAIN_VAE, ("balance",), _NOT_COMPARED)]
    if reading is None:
        findings.append(found(TRAIN_VAE, "unknown-loss"))
    elif reading.kind != "squared":
        findings.append(training.name_kind(TRAIN_VAE, reading, chosen))
    elif np.all(reading.factors < 0):
        findings.append(found(TRAIN_VAE, "negated"))
    if weights is None:
        return [*findings, *lost(TRAIN_VAE, ("balance",), _NOT_COMPARED)]
    if training.not_summed(run):
        return findings
    if np.all(weights < 0) and reading is not None and np.all(reading.factors > 0):
        findings.append(found(TRAIN_VAE, "kl-subtracted"))
        weights = -weights
    factors = reading.factors if reading is not None else np.ones_like(weights)
    return [*findings, *_judge_balance(weights, factors, chosen)]


def _kl_weights(chosen: list[training.Pass]) -> Float64Array | None:
    """The loss's gradient at the KL term of each step; ``None`` where none arrives."""
    weights = [one.forward.kl_gradient for one in chosen]
    known = [weight for weight in weights if weight is not None and weight != 0.0]
    return np.array(known) if known and len(known) == len(weights) else None


def _kl_arrives_late(run: TrainingRun) -> bool:
    """Whether gradients reach some pass's KL term, but not that of the pass whose reconstruction they belong to."""
    every = [forward for step in run.steps for forward in step.forwards]
    return any(forward.kl_gradient for forward in every)


def _is_product(weights: Float64Array, factors: Float64Array, chosen: list[training.Pass]) -> bool:
    """Whether loss = reconstruction * KL: each term's weight is then the other one's value."""
    kl = np.array([one.forward.kl if one.forward.kl is not None else np.nan for one in chosen])
    return losses.constant(factors, kl) and bool(np.ptp(weights) > 1e-3 * np.abs(weights).max())


def _judge_balance(weights: Float64Array, factors: Float64Array, chosen: list[training.Pass]) -> list[Finding]:
    sizes = np.array([len(one.images) for one in chosen], dtype=np.float64)
    ratio = weights / factors
    if losses.constant(ratio, 1.0):
        if losses.constant(factors, 1.0):
            return []
        return [found(TRAIN_VAE, "common-factor", factor=float(factors[0]))]
    if losses.constant(ratio, sizes * PIXELS) or losses.constant(ratio, sizes) or losses.constant(ratio, PIXELS):
        return [found(TRAIN_VAE, "mean-beside-sum", weight=float(ratio[0]))]
    if losses.constant(ratio, 1.0 / sizes):
        return [found(TRAIN_VAE, "kl-averaged", batch=len(chosen[0].images))]
    if losses.constant(ratio, float(ratio[0])):
        return [found(TRAIN_VAE, "kl-weighted", weight=float(ratio[0]))]
    return [found(TRAIN_VAE, "unbalanced", low=float(ratio.min()), high=float(ratio.max()))]
