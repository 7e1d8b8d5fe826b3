"""Judge what the student's ``train_vae`` did: KL term, reconstruction, their balance, and the loop."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.exercises.train_vae.misconceptions import TRAIN_VAE
from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.reference import losses
from autograder.autoencoders.reference.losses import RecognisedLoss
from autograder.autoencoders.training import judge as training
from autograder.autoencoders.training.probe import TrainingRun
from autograder.course.draws import Float64Array
from autograder.course.observation import Failure
from autograder.judging.explain import Hypothesis, explain
from autograder.judging.failures import quoted_line
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding, not_looked_at

Observation = TrainingRun

_NOT_COMPARED = not_looked_at(TRAIN_VAE, ("balance",), "Not looked at: one of the two terms is missing.")


def judge(seed: int, run: Observation) -> Judgement:
    """Findings about the student's ``train_vae``."""
    if run.failure is not None and run.own_model_trained:
        return Judgement((finding(TRAIN_VAE, "changed-interface"),))
    if run.failure is not None and run.steps and "backward through the graph a second time" in run.failure.message:
        return fail_all_checks(TRAIN_VAE, finding(TRAIN_VAE, "kl-from-before"))
    if run.failure is not None and (key := _misuse(run.failure)):
        return fail_all_checks(TRAIN_VAE, finding(TRAIN_VAE, key, line=quoted_line(run.failure)), Status.ERROR)
    if (stopped := training.judge_stopped(TRAIN_VAE, run)) is not None:
        return stopped
    chosen = training.passes(seed, TRAIN_VAE.key, run)
    return Judgement((*_judge_terms(run, chosen), *training.judge_loop(TRAIN_VAE, seed, run)))


def _misuse(failure: Failure) -> str:
    """The misconception in how the model is used, where the error shows one; else empty."""
    if failure.error in ("AttributeError", "NameError") and ".kl" in failure.line:
        return "kl-not-there"
    if failure.error == "ValueError" and "to unpack" in failure.message:
        return "model-unpacked"
    return ""


def _judge_terms(run: TrainingRun, chosen: list[training.Pass]) -> list[Finding]:
    """Findings about the two terms of the loss and their balance."""
    weights = _kl_weights(chosen)
    sent = [one.sent for one in chosen]
    usable = [step for step in sent if step is not None]
    if not usable and not any(one.forward.kl_gradient for one in chosen):
        silent = not_looked_at(TRAIN_VAE, ("kl", "balance"), "Not looked at: no gradient arrives anywhere.")
        return [finding(TRAIN_VAE, "no-gradient"), *silent]
    missing: list[Finding] = []
    if weights is None:
        missing.append(finding(TRAIN_VAE, "kl-from-before" if _kl_arrives_late(run) else "kl-left-out"))
    if not usable or len(usable) < len(sent):
        return [*missing, finding(TRAIN_VAE, "no-reconstruction"), *_NOT_COMPARED]
    loss = losses.recognise_loss(usable)
    reconstruction = _judge_reconstruction(loss, chosen)
    if weights is None:
        return [*missing, *reconstruction, *_NOT_COMPARED]
    if loss is not None and _is_product(weights, loss.factors, chosen):
        return [finding(TRAIN_VAE, "multiplied"), *_NOT_COMPARED]
    if training.is_not_summed(run):
        return reconstruction
    return [*reconstruction, *_judge_weights(weights, loss, chosen)]


def _judge_reconstruction(loss: RecognisedLoss | None, chosen: list[training.Pass]) -> list[Finding]:
    if loss is None:
        return [finding(TRAIN_VAE, "unknown-loss")]
    if loss.kind != "squared":
        return [training.name_kind(TRAIN_VAE, loss, chosen)]
    return [finding(TRAIN_VAE, "negated")] if np.all(loss.factors < 0) else []


def _judge_weights(weights: Float64Array, loss: RecognisedLoss | None, chosen: list[training.Pass]) -> list[Finding]:
    """Findings about the KL term's sign and its weight against the reconstruction's."""
    subtracted = bool(np.all(weights < 0)) and loss is not None and bool(np.all(loss.factors > 0))
    findings = [finding(TRAIN_VAE, "kl-subtracted")] if subtracted else []
    factors = np.ones_like(weights) if loss is None else loss.factors
    balance = _explain_balance(-weights if subtracted else weights, factors, [len(one.images) for one in chosen])
    if balance.misconception is not None:
        findings.append(finding(TRAIN_VAE, balance.misconception, **balance.values))
    return findings


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


def _explain_balance(
    weights: Float64Array, factors: Float64Array, batches: Sequence[int]
) -> Hypothesis[float | Float64Array]:
    """What the weight of the KL term, over that of the reconstruction, says in each step."""
    ratio, sizes = weights / factors, np.array(batches, dtype=np.float64)
    first = float(ratio[0])
    right: Hypothesis[float | Float64Array] = Hypothesis(None, 1.0)
    if not losses.constant(factors, 1.0):
        right = Hypothesis("common-factor", 1.0, {"factor": float(factors[0])})
    hypotheses: list[Hypothesis[float | Float64Array]] = [
        right,
        Hypothesis("mean-beside-sum", sizes * PIXELS, {"weight": first}),
        Hypothesis("mean-beside-sum", sizes, {"weight": first}),
        Hypothesis("mean-beside-sum", PIXELS, {"weight": first}),
        Hypothesis("kl-averaged", 1.0 / sizes, {"batch": batches[0]}),
        Hypothesis("kl-weighted", first, {"weight": first}),
    ]
    seen = explain(hypotheses, lambda expected: losses.constant(ratio, expected))
    return seen or Hypothesis("unbalanced", ratio, {"low": float(ratio.min()), "high": float(ratio.max())})
