"""Judge the student's KL term: its formula, its reduction and its gradient.

Under known weights the batches have known μ and σ (``latents``): those that z was sampled with. The values of ``kl``
for these batches are held against every formula of ``reference.divergence``, right ones first, under every reduction;
the first pair that gives all of them names the mistake. Where none does, the coefficients are fitted.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np

from autograder.autoencoders.exercises.kl import far, gradient, near
from autograder.autoencoders.exercises.kl.kept import judge_unkept, kept_values
from autograder.autoencoders.exercises.kl.latents import (
    Encoded,
    as_heads_say,
    by_heads,
    by_other_forms,
    encodings,
    is_in_proportion,
    is_lost_in_rounding,
    reaches_z,
    shown,
)
from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.naming import name_by_fit, name_explained, name_guards
from autograder.autoencoders.exercises.kl.probe import (
    AMPLITUDES,
    CALM,
    GRADIENT_BATCH,
    POSITIVE,
    KlRun,
    Observation,
    is_initial,
)
from autograder.autoencoders.probe_data import sizes_in_words
from autograder.autoencoders.reference import divergence
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.divergence import Explained, Latents
from autograder.autoencoders.reference.guarded import Guard, read_guards
from autograder.autoencoders.rewriting.prices import with_slips
from autograder.course.draws import Amplitudes, Float64Array
from autograder.judging.failures import judge_failure, name_missing_tensor
from autograder.judging.verdicts import (
    Finding,
    Judgement,
    conclude,
    each_once,
    fail_all_checks,
    finding,
    not_looked_at,
)

# Guards are looked for with so many ways to read the heads.
_MOST_GUARDED = 4
# So many values, of nine, say something where the others are not finite.
_FEWEST_FINITE = 6
# What is said where no formula gives the values.
_UNEXPLAINED = ("wrong-value", "wrong-coefficient", "wrong-coefficients", "nearly", "sigma-unknown")

_Way = Callable[[list[Latents], Float64Array], Explained | None]

# The likeliest explanation of a value first: a right formula, a known slip, a right formula times some number, and one
# of μ and σ that are one number for many.
_WAYS: tuple[_Way, ...] = (
    partial(divergence.explain_values, formulas=divergence.RIGHT),
    partial(divergence.explain_values, formulas=divergence.WRONG),
    divergence.explain_scaled,
    divergence.explain_pooled,
)


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about what ``VariationalEncoder.forward`` leaves in ``kl``."""
    rest = _judge(seed, seen)
    if seen.unkept is not None:
        rest = judge_unkept(seen.unkept, rest)
    if seen.slips_before_z and conclude(KL, rest).points > 0.0:
        # The first half pays for that.
        return replace(rest, findings=(finding(KL, "stopped-before"), *rest.findings))
    return with_slips(KL, seen.slips, rest)


def _judge(seed: int, seen: Observation) -> Judgement:
    budget = Budget(len(seen.runs) + len(seen.positive))
    judgement = _judge_runs(seed, seen.runs, AMPLITUDES, budget)
    if not judgement.is_about("not-finite"):
        return judgement
    if seen.calm and not all(map(_has_finite_latents, seen.runs)):
        # What makes z so large is the sampling's mistake, such as pixels times 255.
        return _judge_runs(seed, seen.calm, CALM, Budget(len(seen.calm)))
    if not _is_sampled_wrong(seed, seen.positive, budget):
        return judgement
    # The sampling's mistake makes a σ that is negative, and the KL is not to pay for it.
    where_positive = _judge_runs(seed, seen.positive, POSITIVE, budget)
    if where_positive.is_about("not-finite"):
        return judgement
    return Judgement((*where_positive.findings, finding(KL, "finite-where-positive")), where_positive.status)


def _has_finite_latents(run: KlRun) -> bool:
    rows = [result.value for batch in run.batches for result in batch.latents]
    return all(row is None or bool(np.isfinite(row).all()) for row in rows)


def _is_sampled_wrong(seed: int, runs: tuple[KlRun, ...], budget: Budget) -> bool:
    """Whether z shows a σ, and another one than the heads should give."""
    seen = shown(seed, runs, POSITIVE, budget)
    return seen is not None and not any(one.is_sampled_right for one in seen)


def _judge_runs(seed: int, every: tuple[KlRun, ...], amplitudes: Amplitudes, budget: Budget) -> Judgement:
    # Where only one latent size comes as far as z, what stops the other is the sampling's mistake.
    runs = tuple(run for run in every if reaches_z(run)) or every
    findings: list[Finding] = []
    numbers, quiet = [], []
    for run in runs:
        if run.build_failure is not None:
            return judge_failure(KL, run.build_failure, untouched=run is every[0])
        if (stopped := _judge_nothing_kept(run)) is not None:
            return stopped
        values = kept_values(run)
        if values is None:
            return fail_all_checks(KL, name_missing_tensor(KL, run.batches[0].values[0]))
        if any(one.is_about("changes-between-calls") for one in values.findings):
            rest = not_looked_at(KL, ("reduction", "gradient"), "Not looked at: see the value.")
            return Judgement((*values.findings, *rest))
        findings += values.findings
        if _carries_graph(run) and not any(one.is_about("accumulates") for one in findings):
            findings.append(finding(KL, "carries-graph"))
        numbers.append(values.numbers)
        quiet.append(values.quiet)
    if not np.isfinite(seen := np.concatenate(numbers)).all():
        return _judge_not_finite(seed, runs, seen, amplitudes, budget)
    found = _judge_values(seed, runs, seen, amplitudes, budget)
    if not findings and any(one.is_about(*_UNEXPLAINED) for one in found):
        for without_noise in (np.concatenate(quiet), _lowest(runs)):
            if without_noise is not None:
                found = _judge_quiet(seed, runs, without_noise, amplitudes) or found
    if any(one.is_about("carries-graph") for one in findings):
        found = [one for one in found if not one.is_about("far-off")]  # large values are taken from each other there
    findings += found
    return Judgement(each_once(findings))


def _judge_not_finite(
    seed: int, runs: tuple[KlRun, ...], seen: Float64Array, amplitudes: Amplitudes, budget: Budget
) -> Judgement:
    """The judgement where some batch gives no finite number; what is wrong with the others may explain that."""
    if np.isfinite(seen).sum() >= _FEWEST_FINITE:
        for encoded in encodings(seed, runs, amplitudes, budget)[:1]:
            finite = [one for one, value in zip(_batches(encoded), seen, strict=True) if np.isfinite(value)]
            explained = divergence.explain_values(finite, seen[np.isfinite(seen)], divergence.WRONG)
            if explained is not None:
                return Judgement(tuple(name_explained(explained, runs[-1].latent_dims, float(seen[-1]))))
    return fail_all_checks(KL, finding(KL, "not-finite"))


def _judge_nothing_kept(run: KlRun) -> Judgement | None:
    """The judgement where ``kl`` holds nothing that could be compared."""
    kept = run.batches[0].values[0]
    if kept.failure is not None and kept.failure.kind == "unfinished":
        return judge_failure(KL, kept.failure)
    if kept.failure is None and not is_initial(kept):
        return None
    if run.forward.failure is not None:
        return judge_failure(KL, run.forward.failure, sizes=sizes_in_words(GRADIENT_BATCH, run.latent_dims))
    return fail_all_checks(KL, finding(KL, "never-stored", got="nothing" if kept.value is None else "0"))


def _carries_graph(run: KlRun) -> bool:
    stopped = run.again_failure
    return stopped is not None and "backward through the graph a second time" in stopped.message


def _judge_values(
    seed: int, runs: tuple[KlRun, ...], seen: Float64Array, amplitudes: Amplitudes, budget: Budget
) -> list[Finding]:
    """Findings about the KL of all batches of all runs, in order."""
    known = encodings(seed, runs, amplitudes, budget)
    found = _explain(known, seen) or _explain(_own(seed, runs, known, amplitudes, budget), seen)
    if found is None and not (known and all(one.is_shown and one.is_sampled_right for one in known[0])):
        others = by_other_forms(seed, runs, amplitudes, Budget(len(runs)))
        shown = [one for one in known if all(run.is_shown for run in one)]
        fitting = [one for one in others if all(is_in_proportion(one, sampled) for sampled in shown)]
        found = _explain(fitting, seen, _WAYS[:1])
    found = found or _explain(known, seen, (divergence.explain_most,))
    if found is not None:
        explained, encoded = found
        gradients = (gradient.judge(seed, run, one, explained) for run, one in zip(runs, encoded, strict=True))
        named = name_explained(explained, runs[-1].latent_dims, float(seen[-1]))
        elsewhere = near.judge(runs, encoded, seen) if explained.is_right else []
        if explained.is_right and not elsewhere:
            elsewhere = _judge_far(seed, runs, encoded, explained, seen)
        return [*named, *elsewhere, *(one for some in gradients for one in some)]
    is_lost = any(map(is_lost_in_rounding, runs)) and not (known and all(one.is_shown for one in known[0]))
    if not known or budget.is_spent or is_lost:
        rest = not_looked_at(KL, ("reduction", "gradient"), "Not looked at: see the value.")
        return [finding(KL, "sigma-unknown"), *rest]
    findings = near.judge(runs, known[0], seen)
    if not findings:
        guards = _explain_guarded(seed, runs, known, seen)
        findings = name_by_fit(_batches(known[0]), seen) if guards is None else name_guards(guards)
    if any(any(run.gradient) for run in runs):
        return findings
    return [*findings, *gradient.judge_no_gradient(runs[-1], "no-gradient")]


def _judge_far(
    seed: int, runs: tuple[KlRun, ...], encoded: tuple[Encoded, ...], explained: Explained, seen: Float64Array
) -> list[Finding]:
    """Findings about a KL that is right as it comes, and may be another where heads are driven far out."""
    base = explained.formula.expected
    shown = far.read_sides(seed, runs[-1], encoded[-1])
    if any(sides.are_right(base) for sides in shown):
        return []
    possible = [guards for sides in shown for guards in sides.guards(base)]
    fitting = (guards for guards in possible if far.fits(base, _batches(encoded), seen, guards))
    if (guards := next(fitting, None)) is not None:
        return name_guards(guards)
    if not possible:
        return [finding(KL, "far-off")] if shown else []
    # Without these guards z explains the values as they come: it has them, too, and the sampling is charged for them.
    return name_guards([guard for guard in possible[0] if not guard.is_mistake])


def _explain_guarded(
    seed: int, runs: tuple[KlRun, ...], known: list[tuple[Encoded, ...]], seen: Float64Array
) -> tuple[Guard, ...] | None:
    """The guards with which a right formula gives all values, far out and as they come."""
    if np.ptp(seen) <= 1e-6 * np.abs(seen).max():
        return None  # a bound that is always reached explains any number
    for encoded, formula in product(known[:_MOST_GUARDED], divergence.RIGHT):
        base, batches = formula.expected, _batches(encoded)
        shown = far.read_sides(seed, runs[-1], encoded[-1])
        possible = (guards for sides in shown for guards in sides.guards(base))
        if (guards := next((one for one in possible if far.fits(base, batches, seen, one)), None)) is not None:
            return guards
        free = divergence.lost(batches)
        if not shown and (guard := next(read_guards(base, batches, seen, free=free), None)) is not None:
            return (guard,)
    return None


def _explain(
    known: list[tuple[Encoded, ...]], seen: Float64Array, ways: Sequence[_Way] = _WAYS
) -> tuple[Explained, tuple[Encoded, ...]] | None:
    """The likeliest explanation of all values, and the μ and σ that it goes with."""
    for way, encoded in product(ways, known):
        if (explained := way(_batches(encoded), seen)) is not None:
            return explained, encoded
    return None


def _lowest(runs: Sequence[KlRun]) -> Float64Array | None:
    """The KL of all batches with the lowest draws, where all are there."""
    values = [kept.numbers for run in runs for kept in run.lowest]
    if len(values) != sum(len(run.batches) for run in runs) or any(value is None for value in values):
        return None
    return np.array([float(value.sum()) for value in values if value is not None])


def _judge_quiet(seed: int, runs: tuple[KlRun, ...], seen: Float64Array, amplitudes: Amplitudes) -> list[Finding]:
    """Findings about a KL that is right without noise: it goes into μ and σ, which is the first half's mistake."""
    sampled = shown(seed, runs, amplitudes, Budget(len(runs)))
    if sampled is not None and all(one.is_sampled_right for one in sampled):
        return []  # μ and σ are those of the heads, whatever the noise
    known = by_heads(seed, runs, amplitudes, Budget(len(runs)))
    found = (divergence.explain_values(_batches(one), seen, divergence.RIGHT) for one in known)
    right = any(one is not None and one.is_right for one in found)
    return [finding(KL, "noise-before")] if right else []


def _own(
    seed: int, runs: tuple[KlRun, ...], known: list[tuple[Encoded, ...]], amplitudes: Amplitudes, budget: Budget
) -> list[tuple[Encoded, ...]]:
    """What the heads themselves say, where z follows them only so far."""
    own = as_heads_say(seed, runs, known[0], amplitudes, budget) if known else None
    return [] if own is None else [own]


def _batches(encoded: tuple[Encoded, ...]) -> list[Latents]:
    return [latents for one in encoded for latents in one.batches]
