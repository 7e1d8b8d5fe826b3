"""Judging a training function by the gradients that its loss sends and by what its loop does."""

from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.reference import losses
from autograder.autoencoders.reference.losses import RecognisedLoss, Sent
from autograder.autoencoders.training.probe import BATCHES, EPOCHS, Forward, Step, TrainingRun, batches
from autograder.course.draws import Float64Array
from autograder.course.exercise import Exercise
from autograder.judging.explain import Hypothesis, explain
from autograder.judging.failures import judge_failure, printable
from autograder.judging.verdicts import Finding, Judgement, fail_all_checks, finding

_STEPS = EPOCHS * len(BATCHES)


@dataclass(frozen=True)
class Pass:
    """A pass through the model together with the batch that it belongs to."""

    batch: int
    images: Float64Array
    forward: Forward

    @property
    def sent(self) -> Sent | None:
        """Images, reconstruction and gradient; ``None`` where no gradient arrived."""
        gradient, reconstruction = self.forward.gradient, self.forward.reconstruction
        if gradient is None or gradient.shape != self.images.shape or reconstruction.shape != self.images.shape:
            return None
        return Sent(self.images, reconstruction.astype(np.float64), gradient.astype(np.float64))


def passes(seed: int, exercise: str, run: TrainingRun) -> list[Pass]:
    """The passes of all steps that went over one of the probe's batches; of several in a step, the last one used."""
    known = [batch.reshape(len(batch), -1) for batch in batches(seed, exercise)]
    chosen = []
    groups = [step.forwards for step in run.steps] or [(forward,) for forward in run.trailing]
    for forwards in groups:
        whole = () if len(forwards) < 2 else (_joined(forwards),)
        matched = [one for one in (_match(known, forward) for forward in (*whole, *forwards)) if one is not None]
        used = [one for one in matched if one.forward.gradient is not None or one.forward.kl_gradient is not None]
        if matched:
            chosen.append((used or matched)[-1])
    return chosen


def _joined(forwards: tuple[Forward, ...]) -> Forward:
    """Several passes, such as one for each image of a batch, as one pass over all their images."""
    images = [one.images for one in forwards if one.images is not None]
    gradients = [one.gradient for one in forwards if one.gradient is not None]
    kl = [one.kl for one in forwards if one.kl is not None]
    weights = {one.kl_gradient for one in forwards}
    return Forward(
        images=np.concatenate(images) if len(images) == len(forwards) else None,
        reconstruction=np.concatenate([one.reconstruction for one in forwards]),
        gradient=np.concatenate(gradients) if len(gradients) == len(forwards) else None,
        kl=sum(kl) if len(kl) == len(forwards) else None,
        kl_gradient=weights.pop() if len(weights) == 1 else None,
    )


def _match(known: list[Float64Array], forward: Forward) -> Pass | None:
    if forward.images is None:
        return None
    for place, images in enumerate(known):
        if images.shape == forward.images.shape and np.allclose(images, forward.images, atol=1e-6):
            return Pass(place, images, forward)
    return None


def judge_stopped(exercise: Exercise, run: TrainingRun) -> Judgement | None:
    """The judgement for a function whose loss cannot be judged; ``None`` where it can."""
    called = bool(run.trailing) or any(step.forwards for step in run.steps)
    failure = run.failure
    if not called and run.stand_in_called:
        return fail_all_checks(exercise, finding(exercise, "other-model"))
    if failure is None:
        return None if called else fail_all_checks(exercise, finding(exercise, "model-not-called"))
    if failure.kind == "raised":
        if is_not_summed(run) and any(forward.gradient is not None for forward in run.trailing):
            return None
        for message, key in _BACKWARD_FAILURES.items():
            if message in failure.message and "Loss'" not in failure.message:
                key = "backward-twice" if key == "stale-graph" and not run.steps else key
                return fail_all_checks(exercise, finding(exercise, key if called else "model-not-called"))
        if run.steps:
            return None
    return judge_failure(exercise, failure, untouched=not called)


_BACKWARD_FAILURES = {
    "grad can be implicitly created only for scalar": "not-summed",
    "does not require grad": "no-graph",
    "has no attribute 'backward'": "plain-number",
    "backward through the graph a second time": "stale-graph",
}


def is_not_summed(run: TrainingRun) -> bool:
    """Whether the loss could not be sent backwards because it is more than one number."""
    return run.failure is not None and "only for scalar" in run.failure.message


def judge_loop(exercise: Exercise, seed: int, run: TrainingRun) -> list[Finding]:
    """Findings about the loop: steps, order, fresh gradients, one optimizer, the model handed back."""
    findings: list[Finding] = []
    if is_not_summed(run):
        findings.append(finding(exercise, "not-summed"))
        findings.append(finding(exercise, "stopped-early", done=len(run.steps), steps=_STEPS))
    elif not run.steps:
        findings.append(finding(exercise, "no-step"))
    elif (wrong := _judge_steps(exercise, seed, run)) is not None:
        findings.append(wrong)
    if len({step.optimizer for step in run.steps}) > 1:
        findings.append(finding(exercise, "optimizer-in-loop"))
    if any(not _has_fresh_gradients(step) for step in run.steps):
        findings.append(finding(exercise, "no-zero-grad"))
    if (returned := _returned(run)) and not any(one.is_about("stopped-early") for one in findings):
        findings.append(finding(exercise, "model-not-returned", returned=returned))
    return findings


def _returned(run: TrainingRun) -> str:
    """What came in place of the model, in words; empty where the model did."""
    if run.failure is not None:
        return f"nothing, since it ends in an error ({printable(run.failure.error)}: {printable(run.failure.message)}),"
    if run.returned == "model":
        return ""
    return "nothing (`None`)" if run.returned == "NoneType" else f"a {printable(run.returned)}"


def _judge_steps(exercise: Exercise, seed: int, run: TrainingRun) -> Finding | None:
    order = [one.batch for one in passes(seed, exercise.key, run)]
    expected = list(range(len(BATCHES))) * EPOCHS
    if order == expected or (sorted(order) == sorted(expected) and len(run.steps) == _STEPS):
        return None
    if run.failure is not None:
        return finding(exercise, "stopped-early", done=len(run.steps), steps=_STEPS)
    if order == expected[: len(BATCHES)]:
        return finding(exercise, "epochs-ignored", epochs=EPOCHS)
    if order and set(order) == {order[0]}:
        return finding(exercise, "one-batch-only", batches=len(BATCHES))
    return finding(exercise, "wrong-steps", got=len(run.steps), steps=_STEPS, epochs=EPOCHS, batches=len(BATCHES))


def _has_fresh_gradients(step: Step) -> bool:
    """Whether the optimizer used the gradients of this step alone."""
    used, arrived = np.asarray(step.used, dtype=np.float64), np.asarray(step.arrived, dtype=np.float64)
    if used.shape != arrived.shape:
        return False
    return bool(np.allclose(used, arrived, rtol=1e-3, atol=1e-6 + 1e-5 * _size(arrived)))


def _size(gradient: Float64Array) -> float:
    return float(np.abs(gradient).max(initial=0.0))


def name_kind(exercise: Exercise, loss: RecognisedLoss, chosen: list[Pass]) -> Finding:
    """The finding for a loss that is no squared error."""
    if loss.kind == "signed":
        sums = np.array([(one.forward.reconstruction - one.images).sum() for one in chosen])
        if losses.constant(loss.factors, 2.0 * sums):
            return finding(exercise, "squared-sum")
    return finding(exercise, loss.kind)


def explain_factor(loss: RecognisedLoss, chosen: list[Pass]) -> Hypothesis[float | Float64Array]:
    """What the factor before a squared error says: a reduction other than the plain sum, or the plain sum."""
    sizes = np.array([len(one.images) for one in chosen], dtype=np.float64)
    largest = int(sizes.max())
    errors = np.array([np.sqrt(((one.forward.reconstruction - one.images) ** 2).sum()) for one in chosen])
    hypotheses: list[Hypothesis[float | Float64Array]] = [
        Hypothesis(None, 1.0),
        Hypothesis("averaged", 1 / (sizes * PIXELS), {"factor": f"{largest * PIXELS:,}", "size": f"{largest}×784"}),
        Hypothesis("averaged-images", 1 / sizes, {"factor": largest}),
        Hypothesis("averaged-pixels", 1 / PIXELS, {"factor": PIXELS}),
        Hypothesis("halved", 0.5),
        Hypothesis("root", 0.5 / errors),
        Hypothesis("root-mean", 0.5 / (errors * np.sqrt(sizes * PIXELS))),
        Hypothesis("negated", -1.0),
        Hypothesis("negated", -1 / (sizes * PIXELS)),
    ]
    seen = explain(hypotheses, lambda expected: losses.constant(loss.factors, expected))
    return seen or Hypothesis("scaled", loss.factors, {"factor": float(loss.factors[0])})
