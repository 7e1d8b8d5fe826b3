"""Judging the loop of a training function: its steps, fresh gradients, what changes, and what comes back."""

import numpy as np

from autograder.autoencoders.probe_data import sizes_in_words
from autograder.autoencoders.training.probe import BATCHES, EPOCHS, LATENT_DIMS, SHAPES, TrainingRun
from autograder.autoencoders.training.slips import slip_of
from autograder.autoencoders.training.updates import MIXED, Pass, Update
from autograder.autoencoders.training.use_of_gradients import Used
from autograder.course.exercise import Exercise
from autograder.course.observation import Failure
from autograder.judging.failures import exception_text, name_failure, printable, quoted_line
from autograder.judging.verdicts import Finding, finding

STEPS = EPOCHS * len(BATCHES)
# What is said of the probe where an error names one of its sizes.
SIZES = sizes_in_words(BATCHES[0], LATENT_DIMS)
_ENCODER = (True, True, False, False)


def judge_loop(
    exercise: Exercise, check: str, run: TrainingRun, chosen: list[Pass], every: list[Update], used: Used
) -> list[Finding]:
    """Findings about the loop; ``check`` is the key of the check that carries them."""
    findings: list[Finding] = []
    if not run.steps and run.failure is not None:
        return [*_why_without_steps(exercise, check, run)]
    if not run.steps:
        findings.append(finding(exercise, "no-step", epochs=EPOCHS, batches=len(BATCHES)))
    elif (wrong := _judge_steps(exercise, run, chosen, every)) is not None:
        findings.append(wrong)
    is_cut = any(one.is_cut for update in every for one in update.forwards)
    findings += _judge_change(exercise, run, any(one.has_gradient.any() for one in chosen), is_cut)
    if _is_made_anew(run):
        findings.append(finding(exercise, "optimizer-in-loop"))
    if run.steps and used.kind:
        findings.append(finding(exercise, used.kind))
    if (returned := _returned(run)) and not any(one.is_about("stopped-early", "stale-graph") for one in findings):
        findings.append(finding(exercise, "model-not-returned", returned=returned))
    return findings


def stopped_early(exercise: Exercise, done: int, failure: Failure | None = None) -> Finding:
    """The finding about a loop that stopped after ``done`` steps; because of a failure, where that is to be told."""
    why = "" if failure is None else f" {exception_text(failure)}. {quoted_line(failure)}".rstrip()
    return finding(exercise, "stopped-early", done=done, steps=STEPS, why=why)


def is_not_summed(run: TrainingRun) -> bool:
    """Whether the loss could not be sent backwards because it is more than one number."""
    return "not-summed" in (slip_of(run.mended), slip_of(run.failure))


def is_stale(run: TrainingRun) -> bool:
    """Whether a loss was sent through a graph that was freed before, or through weights that a step has changed."""
    said = "" if run.failure is None else run.failure.message
    is_out_of_date = bool(run.steps) and "modified by an inplace operation" in said
    return is_out_of_date or "backward through the graph a second time" in said


def _why_without_steps(exercise: Exercise, check: str, run: TrainingRun) -> list[Finding]:
    assert run.failure is not None
    if is_not_summed(run):
        return [finding(exercise, "not-summed"), stopped_early(exercise, 0)]
    if is_stale(run):
        return [finding(exercise, "backward-twice")]
    named = name_failure(exercise, run.failure, SIZES)
    return [Finding(check, named.message, exercise.check(check).points, named.misconception)]


def _returned(run: TrainingRun) -> str:
    """What came in place of the model, in words; empty where the model did."""
    if run.failure is not None:
        return f"nothing, since it ends in an error ({printable(run.failure.error)}: {printable(run.failure.message)}),"
    if run.returned == "model":
        return ""
    if run.returned in ("Autoencoder", "VariationalAutoencoder"):
        return "another model"
    if run.returned == "NoneType":
        return "nothing (`None`)"
    return f"{'an' if run.returned[:1] in 'AEIOUaeiou' else 'a'} {printable(run.returned)}"


def _judge_steps(exercise: Exercise, run: TrainingRun, chosen: list[Pass], every: list[Update]) -> Finding | None:
    order = [one.batch for one in chosen]
    count = len(every) + run.step_count - len(run.steps)
    expected = list(range(len(BATCHES))) * EPOCHS
    in_a_row = [place for place in range(len(BATCHES)) for _ in range(EPOCHS)]
    if count == STEPS and order == in_a_row:
        return finding(exercise, "loops-swapped", epochs=EPOCHS)
    if count == STEPS and (sorted(order) == sorted(expected) or _is_put_together(chosen)):
        return None
    if run.failure is not None and count < STEPS:
        return finding(exercise, "stale-graph") if is_stale(run) else stopped_early(exercise, count, run.failure)
    if count == len(order) and order == expected[: len(BATCHES)]:
        return finding(exercise, "epochs-ignored", epochs=EPOCHS)
    is_alone = all(one.is_alone and one.batch != MIXED for one in chosen)
    if len(order) == count and len(set(order)) == 1 and is_alone:
        return finding(exercise, "one-batch-only", batches=len(BATCHES))
    if count == STEPS:
        return finding(exercise, "odd-steps")
    return finding(exercise, "wrong-steps", got=count, steps=STEPS, epochs=EPOCHS, batches=len(BATCHES))


def _is_put_together(chosen: list[Pass]) -> bool:
    """Whether the batches are put together anew of the same images, each of which is used once an epoch."""
    images = list(range(sum(BATCHES)))
    epochs = [chosen[start : start + len(BATCHES)] for start in range(0, len(chosen), len(BATCHES))]
    return len(epochs) == EPOCHS and all(sorted(row for one in epoch for row in one.rows) == images for epoch in epochs)


def _judge_change(exercise: Exercise, run: TrainingRun, is_decoder_reached: bool, is_cut: bool) -> list[Finding]:
    """Findings about weights that no step has changed, although the loss depends on them."""
    if not run.steps:
        return []
    moved = np.array([step.moved for step in run.steps], dtype=np.float64).max(axis=0) > 0.0
    held = np.array([step.held for step in run.steps]).max(axis=0)
    if not any(np.any(step.used) for step in run.steps):
        return []
    if not moved[held].any():
        return [finding(exercise, "nothing-moves")]
    if held.all():
        still = not moved.all() and (is_decoder_reached or not moved[:2].all()) and not is_cut
        return [finding(exercise, "partly-still")] if still else []
    left = [bool(one) for one in ~held]
    if left == [not one for one in _ENCODER]:
        return [finding(exercise, "half-trained", changed="encoder", still="decoder")]
    if left == list(_ENCODER):
        return [finding(exercise, "half-trained", changed="decoder", still="encoder")]
    return [finding(exercise, "partly-held", left=sum(left), of=len(SHAPES))]


def _is_made_anew(run: TrainingRun) -> bool:
    """Whether the same parameters had one optimizer after the other, none of them used again after the next."""
    for held in {step.held for step in run.steps}:
        numbers = [step.optimizer for step in run.steps if step.held == held]
        if len(set(numbers)) > 1 and numbers == sorted(numbers):
            return True
    return False
