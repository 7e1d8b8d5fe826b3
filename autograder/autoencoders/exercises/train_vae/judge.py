"""Judge what the student's ``train_vae`` did: KL term, reconstruction, their balance, and the loop."""

import numpy as np

from autograder.autoencoders.exercises.train_vae.balance import explain_balance, explain_value
from autograder.autoencoders.exercises.train_vae.misconceptions import TRAIN_VAE
from autograder.autoencoders.reference import losses
from autograder.autoencoders.training import judge as training
from autograder.autoencoders.training.loop import is_not_summed, is_stale, stopped_early
from autograder.autoencoders.training.probe import TrainingRun
from autograder.autoencoders.training.slip_prices import name_slip
from autograder.autoencoders.training.slips import is_kl_misplaced
from autograder.autoencoders.training.updates import Pass
from autograder.course.draws import Float64Array
from autograder.course.observation import Failure
from autograder.judging.failures import quoted_line
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding, not_looked_at

Observation = TrainingRun

_NOT_COMPARED = not_looked_at(TRAIN_VAE, ("balance",), "Not looked at: see the two terms.")


def judge(seed: int, run: Observation) -> Judgement:
    """Findings about the student's ``train_vae``."""
    if run.own_model_trained:
        return Judgement((finding(TRAIN_VAE, "changed-interface"),))
    if run.loss is None and run.failure is not None and not run.steps and not is_not_summed(run):
        return _judge_without_loss(seed, run, run.failure)
    if (silent := _judge_value(seed, run)) is not None:
        return silent
    if (stopped := training.judge_stopped(TRAIN_VAE, run)) is not None:
        return stopped
    seen = training.look(TRAIN_VAE, seed, run)
    slip = [*training.judge_slip(TRAIN_VAE, run), *_judge_cut(run)]
    if "labels-as-target" in run.slip_names:  # a mean of what is no error of the images says nothing
        slip += _NOT_COMPARED
    terms, loop = _judge_terms(run, seen), seen.loop(TRAIN_VAE, run)
    if any(one.is_about("kl-from-before") for one in terms):
        # It is what has the loop stop, and paid for as that.
        loop = [one for one in loop if not one.is_about("stale-graph")]
    return Judgement((*slip, *terms, *loop))


def _judge_without_loss(seed: int, run: TrainingRun, failure: Failure) -> Judgement:
    """The judgement for a function that stopped before it had a loss, perhaps with the reconstruction's part of it."""
    stopped = training.judge_stopped(TRAIN_VAE, run)
    named = name_slip(TRAIN_VAE, failure)
    if is_kl_misplaced(failure):
        named = finding(TRAIN_VAE, "kl-not-there", line=quoted_line(failure))
        stopped = stopped and fail_all_checks(TRAIN_VAE, named, Status.ERROR)
    if stopped is not None:
        return stopped
    blamed = Finding("kl", named.message, TRAIN_VAE.check("kl").points, named.misconception)
    rest = not_looked_at(TRAIN_VAE, ("balance", "loop"), "Not looked at: your code stops before it.")
    return Judgement((blamed, *training.look(TRAIN_VAE, seed, run).error, *rest))


def _judge_value(seed: int, run: TrainingRun) -> Judgement | None:
    """The judgement by the loss's value where it sends no gradient; ``None`` where it does, or that says nothing."""
    key, one = training.silent_loss(run), training.one_pass(seed, TRAIN_VAE, run)
    if not key or one is None or run.loss is None:
        return None
    seen = explain_value(run.loss, one)
    if seen is None:
        return None
    balance = [] if seen.misconception is None else [finding(TRAIN_VAE, seen.misconception, **seen.values)]
    return Judgement((training.find_slip(TRAIN_VAE, run.failure, key), *balance, stopped_early(TRAIN_VAE, 0)))


def _judge_cut(run: TrainingRun) -> list[Finding]:
    """Findings about a part of the loss that is in it without its gradient; the run is one without the cut."""
    if run.cut == "reconstruction":
        return [finding(TRAIN_VAE, "reconstruction-number"), *_NOT_COMPARED]
    return [finding(TRAIN_VAE, "kl-number" if run.cut == "kl" else "detached")] if run.cut else []


def _judge_terms(run: TrainingRun, seen: training.Seen) -> list[Finding]:
    """Findings about the two terms of the loss and their balance."""
    if not seen.chosen:
        return [*seen.error, *not_looked_at(TRAIN_VAE, ("kl", "balance"), "Not looked at: see the reconstruction.")]
    if not all(one.is_finite for one in seen.chosen):
        rest = not_looked_at(TRAIN_VAE, ("kl", "balance"), "Not looked at: see the reconstruction.")
        return [finding(TRAIN_VAE, "gradient-not-finite"), *rest]
    weights = _kl_weights(seen.chosen)
    has_kl = (
        bool(np.any(weights))
        or any(one.elsewhere or one.beside for one in seen.chosen)
        or any(s.late_kl for s in run.steps)
    )
    if not has_kl and not any(one.has_gradient.any() for one in seen.chosen):
        silent = not_looked_at(TRAIN_VAE, ("kl", "balance"), "Not looked at: no gradient arrives anywhere.")
        return [finding(TRAIN_VAE, "no-gradient"), *silent]
    if (missing := _judge_kl(run, seen, weights)) is not None:
        return [missing, *_reconstruction(seen), *_NOT_COMPARED]
    is_negated = any(one.is_about("negated") for one in seen.error)
    if not np.any(weights) or seen.loss is None or seen.loss.kind not in training.WITH_REDUCTION or is_negated:
        return [*_reconstruction(seen), *not_looked_at(TRAIN_VAE, ("balance",), "Not looked at: see the terms.")]
    factors, weights = seen.loss.factors, weights * seen.used.factor_of(len(weights))
    kl = np.array([one.kl for one in seen.chosen])
    if losses.constant(factors, kl) and np.ptp(weights) > 1e-3 * np.abs(weights).max():
        return [finding(TRAIN_VAE, "multiplied"), *_NOT_COMPARED]
    if is_not_summed(run):
        return seen.error
    return [*seen.error, *_judge_weights(weights, factors, seen)]


def _reconstruction(seen: training.Seen) -> list[Finding]:
    if any(one.has_gradient.any() for one in seen.chosen):
        return seen.error
    return [finding(TRAIN_VAE, "no-reconstruction")]


def _judge_kl(run: TrainingRun, seen: training.Seen, weights: Float64Array) -> Finding | None:
    """What is wrong about a KL term that is not that of each batch's images; ``None`` where it is."""
    in_order = seen.used.kind != "step-before-backward"
    late = any(one.elsewhere for one in seen.chosen) or (in_order and any(step.late_kl for step in run.steps))
    if late or (is_stale(run) and bool(run.steps) and not np.any(weights)):
        return finding(TRAIN_VAE, "kl-from-before")
    if not np.any(weights):
        return None if any(one.beside for one in seen.chosen) else finding(TRAIN_VAE, "kl-left-out")
    rows = [one.kl_weights for one in seen.chosen]
    if any(np.ptp(row) > 1e-3 * np.abs(row).max() for row in rows if np.any(row)):
        partial = next(row for row in rows if np.ptp(row) > 0.0)
        return finding(TRAIN_VAE, "kl-of-some-images", seen=int(np.count_nonzero(partial)), batch=len(partial))
    return None


def _kl_weights(chosen: list[Pass]) -> Float64Array:
    """The loss's gradient at the KL term of each update's batch; 0 where none arrives."""
    return np.array([one.kl_weights[int(np.abs(one.kl_weights).argmax())] for one in chosen])


def _judge_weights(weights: Float64Array, factors: Float64Array, seen: training.Seen) -> list[Finding]:
    """Findings about the KL term's sign and its weight against the reconstruction's."""
    subtracted = bool(np.all(weights < 0)) and bool(np.all(factors > 0))
    findings = [finding(TRAIN_VAE, "kl-subtracted")] if subtracted else []
    sizes = [len(one.images) for one in seen.chosen]
    if training.is_root(factors / np.abs(weights), seen.chosen):
        return [*findings, finding(TRAIN_VAE, "root")]
    if training.is_logarithm(factors / np.abs(weights), seen.chosen):
        return [*findings, finding(TRAIN_VAE, "logarithm")]
    balance = explain_balance(-weights if subtracted else weights, factors, sizes)
    if balance.misconception is not None:
        findings.append(finding(TRAIN_VAE, balance.misconception, **balance.values))
    return findings
