"""Judging the loss of a training function by the gradients that it sends, or by its value where it sends none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.reference import losses
from autograder.autoencoders.reference.losses import RecognisedLoss, Sent
from autograder.autoencoders.reference.other_losses import name_other
from autograder.autoencoders.rewriting.prices import paid_once
from autograder.autoencoders.training import gradients
from autograder.autoencoders.training.loop import SIZES, judge_loop
from autograder.autoencoders.training.probe import TrainingRun
from autograder.autoencoders.training.slip_prices import first_told, judge_rewritten, name_slip
from autograder.autoencoders.training.slips import is_model_unpacked, number_in_words, slip_of, slip_to_mend
from autograder.autoencoders.training.updates import Pass, Update, passes, updates
from autograder.autoencoders.training.use_of_gradients import Used, what_was_used
from autograder.course.complete import demand
from autograder.course.draws import Float64Array
from autograder.course.exercise import Exercise
from autograder.course.observation import Failure
from autograder.judging.explain import Hypothesis, explain
from autograder.judging.failures import judge_failure, quoted_line
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding, not_looked_at

# Kinds of error whose reduction can be told as that of the squared error.
WITH_REDUCTION = (
    *("squared", "cross-entropy", "errors-added", "absolute", "smooth-absolute"),
    *("fourth-power", "root", "target-changed"),
)

_UNKNOWN = np.array([np.nan])


@dataclass(frozen=True)
class Seen:
    """What a run shows.

    Attributes:
        chosen: the batch of each update.
        every: the updates.
        used: what the optimizers did with the gradients.
        error: findings about the kind of error, and about what it is taken of.
        loss: the error, its factors as they reach the weights; ``None`` where it is not known.
    """

    chosen: list[Pass]
    every: list[Update]
    used: Used
    error: list[Finding]
    loss: RecognisedLoss | None

    def loop(self, exercise: Exercise, run: TrainingRun) -> list[Finding]:
        """Findings about the loop, which says nothing of images that are not known, or with gradients that are none."""
        if not self.chosen:
            return list(not_looked_at(exercise, ("loop",), "Not looked at: see the error."))
        if not all(one.is_finite for one in self.chosen):
            return list(not_looked_at(exercise, ("loop",), "Not looked at: see the gradient."))
        return judge_loop(exercise, "loop", run, self.chosen, self.every, self.used)


def look(exercise: Exercise, seed: int, run: TrainingRun) -> Seen:
    """What the run shows of the error and of the loop."""
    chosen, every = passes(seed, exercise.key, run), updates(run)
    used = Used("backward-not-called") if run.never_sent else what_was_used(every)
    findings, loss = _judge_error(exercise, chosen, any(one.is_rough for update in every for one in update.forwards))
    if loss is not None:
        loss = RecognisedLoss(loss.kind, loss.factors * used.factor_of(len(chosen)))
        if loss.kind in WITH_REDUCTION and np.all(loss.factors < 0):
            findings = [finding(exercise, "negated")]
    added = gradients.name_added(every) if loss is not None else ""
    if added:
        findings.append(finding(exercise, added))
    return Seen(chosen, every, used, findings, loss)


def _judge_error(exercise: Exercise, chosen: list[Pass], is_rough: bool) -> tuple[list[Finding], RecognisedLoss | None]:
    reached = [int(one.has_gradient.sum()) for one in chosen]
    if not chosen:
        return [finding(exercise, "unknown-images")], None
    if not any(reached):
        return [finding(exercise, "no-gradient")], None
    if not all(one.is_finite for one in chosen):
        return [finding(exercise, "gradient-not-finite")], None
    if not all(reached):
        return [finding(exercise, "not-in-every-step", silent=reached.count(0), steps=len(reached))], None
    partial = ((count, len(one.images)) for count, one in zip(reached, chosen, strict=True) if count < len(one.images))
    if (some := next(partial, None)) is not None:
        return [finding(exercise, "some-images", seen=some[0], batch=some[1])], None
    findings: list[Finding] = []
    sent = [Sent(one.images, one.reconstruction, one.gradient) for one in chosen]
    loss = losses.recognise_loss(sent, is_rough)
    if not all(one.is_given_unchanged for one in chosen):
        findings.append(finding(exercise, "input-changed", how=_how(chosen)))
        if loss is None:
            given = [Sent(one.given, one.reconstruction, one.gradient) for one in chosen]
            loss = losses.recognise_loss(given, is_rough)
    if loss is None and (least := losses.least_elsewhere(sent)) is not None:
        changed = finding(exercise, "target-changed", how=_least_where(least))
        return [*findings, changed], RecognisedLoss("target-changed", least.factors)
    if loss is None and (other := name_other(sent)) is not None:
        return [*findings, finding(exercise, other.misconception, **other.values)], None
    if loss is None:
        return [*findings, finding(exercise, "unknown-loss")], None
    if loss.kind != "squared":
        findings.append(_name_kind(exercise, loss, chosen))
    return findings, loss


def _how(chosen: list[Pass]) -> str:
    """How the images were changed before they were given to the model, in words; empty where that is not known."""
    given = np.concatenate([one.given for one in chosen]).ravel()
    images = np.concatenate([one.images for one in chosen]).ravel()
    slope, offset = (float(one) for one in np.polyfit(images, given, 1))
    if np.abs(given - (slope * images + offset)).max() < 1e-4 * max(np.abs(given).max(), 1e-9):
        return _in_words(slope, offset)
    if len(np.unique(given)) == 2:
        return ": each pixel is one of two numbers only"
    return ""


def _least_where(least: losses.Elsewhere) -> str:
    """At which other picture a squared error is least, in words."""
    if least.how == "line":
        return _in_words(least.slope, least.offset)
    return ": each pixel is one of two numbers only" if least.how == "binary" else ": its pixels are in another order"


def _in_words(slope: float, offset: float) -> str:
    """How each pixel was changed, by a line."""
    added = f" and {offset:+.3g} added" if abs(offset) > 1e-6 else ""
    return f": each pixel is multiplied by {slope:.3g}{added}"


def _name_kind(exercise: Exercise, loss: RecognisedLoss, chosen: list[Pass]) -> Finding:
    """The finding for a loss that is no squared error."""
    if loss.kind == "signed":
        sums = np.array([(one.reconstruction - one.images).sum() for one in chosen])
        if losses.constant(loss.factors, 2.0 * sums):
            return finding(exercise, "squared-sum")
    if loss.kind == "some-pixels":
        return finding(exercise, "some-pixels", which=_which(chosen))
    return finding(exercise, loss.kind)


def _which(chosen: list[Pass]) -> str:
    """Which pixels a gradient arrives at, in words; empty where they are not those of some range of brightness."""
    counts = np.concatenate([one.gradient != 0.0 for one in chosen])
    images = np.concatenate([one.images for one in chosen])
    painted = np.concatenate([one.reconstruction for one in chosen])
    low, high = float(painted[counts].min()), float(painted[counts].max())
    if not np.any((painted[~counts] > low) & (painted[~counts] < high)):
        return f": those where `x_hat` lies between {low:.2g} and {high:.2g}"
    inside, outside = images[counts], images[~counts]
    if inside.min() > outside.max():
        return f": those where `x` is above {outside.max():.2g}"
    if inside.max() < outside.min():
        return f": those where `x` is below {outside.min():.2g}"
    return ""


def judge_stopped(exercise: Exercise, run: TrainingRun) -> Judgement | None:
    """The judgement for a function that shows nothing of its loss; ``None`` where there is something to look at."""
    called = bool(run.trailing) or any(step.forwards for step in run.steps)
    failure = run.failure
    if run.is_of_another_model:
        return fail_all_checks(exercise, finding(exercise, "other-model"))
    if failure is None:
        return None if called else fail_all_checks(exercise, finding(exercise, "model-not-called"))
    if failure.kind == "raised":
        if run.steps or run.has_sent:
            return None
        if key := silent_loss(run):
            why = find_slip(exercise, failure, key) if called else finding(exercise, "model-not-called")
            return fail_all_checks(exercise, why)
    if is_model_unpacked(failure):
        return fail_all_checks(exercise, name_slip(exercise, failure), Status.ERROR)
    return judge_failure(exercise, failure, untouched=not called, sizes=SIZES)


def judge_slip(exercise: Exercise, run: TrainingRun) -> list[Finding]:
    """The findings about the slips that the run was mended of, if it was.

    Raises:
        Incomplete: the exercise knows no such slip.
    """
    found = first_told([one for slip in run.rewritten for one in judge_rewritten(exercise, slip)])
    found += [paid_once(finding(exercise, "other-model"))] if run.other_model else []
    if run.mended is None:
        return found
    slip = slip_to_mend(run.mended)
    demand(any(one.key == slip for one in exercise.misconceptions), "a slip that is known here")
    return [*found, find_slip(exercise, run.mended, slip)]


def find_slip(exercise: Exercise, failure: Failure | None, slip: str) -> Finding:
    """The finding for a slip that keeps a loss from being sent backwards."""
    line = "" if failure is None else quoted_line(failure)
    return finding(exercise, slip, line=line, **number_in_words(failure))


def silent_loss(run: TrainingRun) -> str:
    """The misconception about a loss that has no graph to send a gradient through; empty where it has one."""
    key = "" if run.steps else slip_of(run.failure)
    return "" if key == "not-summed" else key


def one_pass(seed: int, exercise: Exercise, run: TrainingRun) -> Pass | None:
    """The only batch that went through the model before the function stopped; ``None`` where it was not one."""
    chosen = passes(seed, exercise.key, run)
    whole = len(chosen) == 1 and chosen[0].is_given_unchanged and not np.isnan(chosen[0].reconstruction).any()
    return chosen[0] if whole and not run.steps else None


def is_root(factors: Float64Array, chosen: Sequence[Pass]) -> bool:
    """Whether these factors are those of the root of a squared error, or of its mean."""
    sizes = np.array([len(one.images) for one in chosen], dtype=np.float64)
    roots = 0.5 / _lengths(chosen)
    return any(losses.constant(factors, one) for one in (roots, roots / np.sqrt(sizes * PIXELS)))


def is_logarithm(factors: Float64Array, chosen: Sequence[Pass]) -> bool:
    """Whether these factors are those of a logarithm of a squared error, as far as errors of several sizes show it."""
    errors = _lengths(chosen) ** 2
    return bool(np.ptp(errors) > 1e-2 * errors.max()) and losses.constant(
        factors * errors, float(factors[0] * errors[0])
    )


def _lengths(chosen: Sequence[Pass]) -> Float64Array:
    return np.array([np.sqrt(((one.reconstruction - one.images) ** 2).sum()) for one in chosen])


def explain_factor(loss: RecognisedLoss, chosen: Sequence[Pass]) -> Hypothesis[float | Float64Array] | None:
    """What the factor before an error says: a reduction other than the plain sum, or the plain sum.

    ``None`` where the error is of a kind whose factor says nothing, or has a factor that is not the same in all steps.
    """
    if loss.kind not in WITH_REDUCTION or np.all(loss.factors < 0):
        return None
    sizes = np.array([len(one.images) for one in chosen], dtype=np.float64)
    largest = int(sizes.max())
    errors = _lengths(chosen)
    hypotheses: list[Hypothesis[float | Float64Array]] = [
        Hypothesis(None, 1.0),
        Hypothesis("averaged", 1 / (sizes * PIXELS), {"factor": f"{largest * PIXELS:,}", "size": f"{largest}×784"}),
        Hypothesis("averaged-images", 1 / sizes, {"factor": largest, "size": f"{largest} images"}),
        Hypothesis("averaged-pixels", 1 / PIXELS, {"factor": PIXELS}),
    ]
    if loss.kind == "squared":
        hypotheses += [
            Hypothesis("halved", 0.5),
            Hypothesis(
                "averaged", 0.5 / (sizes * PIXELS), {"factor": f"{2 * largest * PIXELS:,}", "size": f"2×{largest}×784"}
            ),
            Hypothesis(
                "averaged-images", 0.5 / sizes, {"factor": 2 * largest, "size": f"{largest} images, and a half"}
            ),
            Hypothesis("averaged-pixels", 0.5 / PIXELS, {"factor": f"{2 * PIXELS:,}"}),
            Hypothesis("root", 0.5 / errors),
            Hypothesis("root-mean", 0.5 / (errors * np.sqrt(sizes * PIXELS))),
        ]
    if loss.kind == "squared" and is_logarithm(loss.factors, chosen):
        return Hypothesis("logarithm", loss.factors)
    hypotheses.append(Hypothesis("scaled", loss.factors[0], {"factor": float(loss.factors[0])}))
    seen = explain(hypotheses, lambda expected: losses.constant(loss.factors, expected))
    spread = {"low": float(loss.factors.min()), "high": float(loss.factors.max())}
    return seen or Hypothesis("factor-varies", loss.factors, spread)
