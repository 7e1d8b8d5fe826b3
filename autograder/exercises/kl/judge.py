"""Judge the student's KL term: its formula, its reduction and its gradient."""

from dataclasses import dataclass

import numpy as np

from autograder.exercises.failures import judge_failure, name_missing_tensor
from autograder.exercises.judgement import Finding, Judgement, everything, found, lost
from autograder.exercises.kl import gradient
from autograder.exercises.kl.latents import Encoded, encodings, reaches_z, shown
from autograder.exercises.kl.probe import AMPLITUDES, BATCHES, POSITIVE, KlRun, Observation
from autograder.exercises.kl.texts import KL
from autograder.exercises.networks.judge import unique
from autograder.oracle import divergence
from autograder.oracle.divergence import Explained, Latents
from autograder.probes import Amplitudes, Float64Array


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about what ``VariationalEncoder.forward`` leaves in ``kl``."""
    judgement = _judge(seed, seen.runs, AMPLITUDES)
    if not _is_not_finite(judgement) or not _sampled_wrong(seed, seen.positive):
        return judgement
    # The sampling's mistake makes a σ that is negative, and the KL is not to pay for it.
    where_positive = _judge(seed, seen.positive, POSITIVE)
    if _is_not_finite(where_positive):
        return judgement
    note = found(KL, "finite-where-positive")
    return Judgement((*where_positive.findings, note), where_positive.outcome)


def _is_not_finite(judgement: Judgement) -> bool:
    return any((finding.misconception or "").endswith("/not-finite") for finding in judgement.findings)


def _sampled_wrong(seed: int, runs: tuple[KlRun, ...]) -> bool:
    """Whether z shows a σ, and another one than the heads should give."""
    seen = shown(seed, runs, POSITIVE) if runs else None
    return seen is not None and not any(one.sampled_right for one in seen)


def _judge(seed: int, every: tuple[KlRun, ...], amplitudes: Amplitudes) -> Judgement:
    # Where only one latent size comes as far as z, what stops the other is the sampling's mistake.
    runs = tuple(run for run in every if reaches_z(run)) or every
    findings: list[Finding] = []
    numbers = []
    for run in runs:
        if run.built is not None:
            return judge_failure(KL, run.built, untouched=run is every[0])
        if (stopped := _nothing_kept(run)) is not None:
            return stopped
        values = _values(run)
        if values is None:
            return everything(KL, name_missing_tensor(KL, run.batches[0].values[0]))
        if not np.all(np.isfinite(values.numbers)):
            return everything(KL, found(KL, "not-finite"))
        findings += values.findings
        numbers.append(values.numbers)
    return Judgement(unique([*findings, *_judge_values(seed, runs, np.concatenate(numbers), amplitudes)]))


def _nothing_kept(run: KlRun) -> Judgement | None:
    """The judgement where ``kl`` holds nothing that could be compared."""
    kept = run.batches[0].values[0]
    if kept.failure is not None and kept.failure.kind == "unfinished":
        return judge_failure(KL, kept.failure)
    initial = kept.returned in ("int", "float", "NoneType") and (kept.value is None or not np.any(kept.value))
    if kept.failure is None and not initial:
        return None
    if run.forward.failure is not None:
        return judge_failure(KL, run.forward.failure)
    return everything(KL, found(KL, "never-stored", got="nothing" if kept.value is None else "0"))


@dataclass(frozen=True)
class _Values:
    """The KL of each batch at noise level 1, in order, and what was odd in reading it."""

    numbers: Float64Array
    findings: list[Finding]


def _values(run: KlRun) -> _Values | None:
    findings: list[Finding] = []
    numbers = []
    for batch in run.batches:
        first, second = (outcome.numbers for outcome in batch.values)
        if first is None or second is None:
            return None
        if second.size > 1:
            findings.append(found(KL, "not-summed", got=second.shape))
        numbers.append((float(first.sum()), float(second.sum())))
    (again,) = (outcome.numbers for outcome in run.again.values)
    if again is None:
        return None
    before, later = numbers[0][0], float(again.sum())
    if abs(later - before) <= 1e-3 * max(abs(before), 1e-3):
        return _Values(np.array([second for _, second in numbers]), findings)
    findings.append(found(KL, "accumulates", first=before, later=later))
    return _Values(np.array([second - first for first, second in numbers]), findings)


def _judge_values(seed: int, runs: tuple[KlRun, ...], seen: Float64Array, amplitudes: Amplitudes) -> list[Finding]:
    """Findings about the KL of all batches of all runs, in order."""
    known = encodings(seed, runs, amplitudes)
    if not known:
        return [found(KL, "sigma-unknown"), *lost(KL, ("reduction", "gradient"), "Not looked at: see the value.")]
    for formulas in (divergence.RIGHT, divergence.WRONG):
        for encoded in known:
            explained = divergence.explain(_batches(encoded), seen, formulas)
            if explained is not None:
                gradients = (gradient.judge(run, one, explained) for run, one in zip(runs, encoded, strict=True))
                return [
                    *_name_explained(explained, runs[-1].latent_dims, float(seen[-1])),
                    *(finding for some in gradients for finding in some),
                ]
    findings = _name_value(_batches(known[0]), seen)
    silent = all(run.gradient_reached and not any(run.gradient) for run in runs)
    return [*findings, found(KL, "no-gradient")] if silent else findings


def _batches(encoded: tuple[Encoded, ...]) -> list[Latents]:
    return [latents for one in encoded for latents in one.batches]


def _name_explained(explained: Explained, latents: int, seen: float) -> list[Finding]:
    """What is wrong about a KL that is explained, told with its value for the last and largest batch."""
    findings = []
    formula, reduction = explained.formula, explained.reduction
    batch = BATCHES[latents][-1]
    if formula.key == "blog":
        findings.append(found(KL, "blog-form"))
    elif formula.key != "exact":
        findings.append(found(KL, formula.key, batch=batch, seen=seen, **formula.values))
    if reduction is not divergence.SUM:
        sizes = {"batch": batch, "latents": latents, "factor": batch * latents}
        total = seen / float(reduction.weights(batch, latents)[0, 0])
        findings.append(found(KL, reduction.key, seen=seen, total=total, **sizes))
    return findings


_SPELT = {"1": "the constant"}


def _name_value(batches: list[Latents], seen: Float64Array) -> list[Finding]:
    # The same number for every batch depends on nothing; a fit would still find coefficients.
    fitted = divergence.fit(batches, seen) if np.ptp(seen) > 1e-6 * np.abs(seen).max() else None
    exact = divergence.Formula("exact", divergence.EXACT)
    if fitted is None:
        expected = float((exact.vector()[:, None, None] * batches[-1].terms()).sum())
        wrong = found(KL, "wrong-value", batch=len(batches[-1].mu), got=float(seen[-1]), expected=expected)
        return [wrong, *lost(KL, ("reduction",), "Not looked at: see the value.")]
    for base in (divergence.EXACT, divergence.BLOG):
        off = [term for term in fitted if abs(fitted[term] - base.get(term, 0.0)) > 0.01]
        if len(off) == 1:
            [term] = off
            values = {"got": fitted[term], "expected": base.get(term, 0.0)}
            return [found(KL, "wrong-coefficient", term=_SPELT.get(term, term), **values)]
    shown = [(_SPELT.get(term, term), value) for term, value in fitted.items() if abs(value) > 0.005]
    spelt = ", ".join(f"{value:+.3g} on {term}" for term, value in shown)
    return [found(KL, "wrong-coefficients", got=spelt or "all 0")]
