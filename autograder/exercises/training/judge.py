"""Judging a training function by the gradients that its loss sends and by what its loop does."""

from dataclasses import dataclass

import numpy as np

from autograder.exercises.definition import Exercise
from autograder.exercises.failures import judge_failure, printable
from autograder.exercises.judgement import Finding, Judgement, everything, found
from autograder.exercises.training.probe import BATCHES, EPOCHS, Forward, Step, TrainingRun, batches
from autograder.oracle import losses
from autograder.oracle.losses import LossReading, Sent
from autograder.probes import PIXELS, Float64Array

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


def stopped(exercise: Exercise, run: TrainingRun) -> Judgement | None:
    """The judgement for a function whose loss cannot be judged; ``None`` where it can."""
    called = bool(run.trailing) or any(step.forwards for step in run.steps)
    failure = run.failure
    if not called and run.stand_in_called:
        return everything(exercise, found(exercise, "other-model"))
    if failure is None:
        return None if called else everything(exercise, found(exercise, "model-not-called"))
    if failure.kind == "raised":
        if not_summed(run) and any(forward.gradient is not None for forward in run.trailing):
            return None
        for message, key in _BACKWARD_FAILURES.items():
            if message in failure.message and "Loss'" not in failure.message:
                key = "backward-twice" if key == "stale-graph" and not run.steps else key
                return everything(exercise, found(exercise, key if called else "model-not-called"))
        if run.steps:
            return None
    return judge_failure(exercise, failure, untouched=not called)


_BACKWARD_FAILURES = {
    "grad can be implicitly created only for scalar": "not-summed",
    "does not require grad": "no-graph",
    "has no attribute 'backward'": "plain-number",
    "backward through the graph a second time": "stale-graph",
}


def not_summed(run: TrainingRun) -> bool:
    """Whether the loss could not be sent backwards because it is more than one number."""
    return run.failure is not None and "only for scalar" in run.failure.message


def loop(exercise: Exercise, seed: int, run: TrainingRun) -> list[Finding]:
    """Findings about the loop: steps, order, fresh gradients, one optimizer, the model handed back."""
    findings: list[Finding] = []
    if not_summed(run):
        findings.append(found(exercise, "not-summed"))
        findings.append(found(exercise, "stopped-early", done=len(run.steps), steps=_STEPS))
    elif not run.steps:
        findings.append(found(exercise, "no-step"))
    elif (wrong := _steps(exercise, seed, run)) is not None:
        findings.append(wrong)
    if len({step.optimizer for step in run.steps}) > 1:
        findings.append(found(exercise, "optimizer-in-loop"))
    if any(not _fresh(step) for step in run.steps):
        findings.append(found(exercise, "no-zero-grad"))
    if (returned := _returned(run)) and not any(_is_about_the_end(finding) for finding in findings):
        findings.append(found(exercise, "model-not-returned", returned=returned))
    return findings


def _returned(run: TrainingRun) -> str:
    """What came in place of the model, in words; empty where the model did."""
    if run.failure is not None:
        return f"nothing, since it ends in an error ({printable(run.failure.error)}: {printable(run.failure.message)}),"
    if run.returned == "model":
        return ""
    return "nothing (`None`)" if run.returned == "NoneType" else f"a {printable(run.returned)}"


def _is_about_the_end(finding: Finding) -> bool:
    return (finding.misconception or "").endswith("/stopped-early")


def _steps(exercise: Exercise, seed: int, run: TrainingRun) -> Finding | None:
    order = [one.batch for one in passes(seed, exercise.key, run)]
    expected = list(range(len(BATCHES))) * EPOCHS
    if order == expected or (sorted(order) == sorted(expected) and len(run.steps) == _STEPS):
        return None
    if run.failure is not None:
        return found(exercise, "stopped-early", done=len(run.steps), steps=_STEPS)
    if order == expected[: len(BATCHES)]:
        return found(exercise, "epochs-ignored", epochs=EPOCHS)
    if order and set(order) == {order[0]}:
        return found(exercise, "one-batch-only", batches=len(BATCHES))
    return found(exercise, "wrong-steps", got=len(run.steps), steps=_STEPS, epochs=EPOCHS, batches=len(BATCHES))


def _fresh(step: Step) -> bool:
    """Whether the optimizer used the gradients of this step alone."""
    used, arrived = np.asarray(step.used, dtype=np.float64), np.asarray(step.arrived, dtype=np.float64)
    if used.shape != arrived.shape:
        return False
    return bool(np.allclose(used, arrived, rtol=1e-3, atol=1e-6 + 1e-5 * _size(arrived)))


def _size(gradient: Float64Array) -> float:
    return float(np.abs(gradient).max(initial=0.0))


@dataclass(frozen=True)
class Factor:
    """What the factor of a squared error says: a misconception (``None`` for the plain sum) and its values."""

    key: str | None
    values: dict[str, object]


def name_kind(exercise: Exercise, reading: LossReading, chosen: list[Pass]) -> Finding:
    """The finding for a loss that is no squared error."""
    if reading.kind == "signed":
        sums = np.array([(one.forward.reconstruction - one.images).sum() for one in chosen])
        if losses.constant(reading.factors, 2.0 * sums):
            return found(exercise, "squared-sum")
    return found(exercise, reading.kind)


def squared_factor(reading: LossReading, chosen: list[Pass]) -> Factor:
    """Name the factor before a squared error."""
    sizes = np.array([len(one.images) for one in chosen], dtype=np.float64)
    largest = int(sizes.max())
    errors = np.array([np.sqrt(((one.forward.reconstruction - one.images) ** 2).sum()) for one in chosen])
    named: list[tuple[str | None, float | Float64Array, dict[str, object]]] = [
        (None, 1.0, {}),
        ("averaged", 1.0 / (sizes * PIXELS), {"factor": f"{largest * PIXELS:,}", "size": f"{largest}×784"}),
        ("averaged-images", 1.0 / sizes, {"factor": largest}),
        ("averaged-pixels", 1.0 / PIXELS, {"factor": PIXELS}),
        ("halved", 0.5, {}),
        ("root", 0.5 / errors, {}),
        ("root-mean", 0.5 / (errors * np.sqrt(sizes * PIXELS)), {}),
        ("negated", -1.0, {}),
        ("negated", -1.0 / (sizes * PIXELS), {}),
    ]
    for key, expected, values in named:
        if losses.constant(reading.factors, expected):
            return Factor(key, values)
    return Factor("scaled", {"factor": float(reading.factors[0])})
