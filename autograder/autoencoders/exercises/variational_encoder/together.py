"""What the runs for several latent sizes say together: what one of them shows can refute what another one seems to."""

from collections.abc import Iterable, Sequence

from autograder.autoencoders.exercises.variational_encoder import noise
from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import SamplingRun
from autograder.autoencoders.networks.judge import RunJudged, drop_silent_runs
from autograder.judging.verdicts import Finding, Judgement, each_once, finding

# What σ seems to be where all of them are held at one bound.
_IF_ALL_ARE_HELD = ("constant-sigma", "sigma-shared", "unknown-sigma")
# A gradient of another size may be what one head alone would send, by chance; hardly so for both latent sizes.
_BY_CHANCE, _OF_ANOTHER_SIZE = ("head-cut-off", "mu-cut-off", "sigma-cut-off"), ("hidden-gradient", "wrong-gradient")
_CAN_SILENCE = ("heads-activated", "mu-activated", "sigma-activated", "relu-before-exp")


def reconcile(runs: Sequence[SamplingRun], judged: Sequence[RunJudged]) -> list[RunJudged]:
    """What came of each run, without what another one refutes."""
    heard = _without_coincidence(_without_held(drop_silent_runs(judged, _CAN_SILENCE)))
    if any(noise.is_random(run) for run in runs):
        return [_without_still(run, one) for run, one in zip(runs, heard, strict=True)]
    return heard


def judge_together(runs: Sequence[SamplingRun], judged: Iterable[RunJudged]) -> Judgement:
    """The findings of all runs; one that could not be looked at decides by itself."""
    findings: list[Finding] = []
    looked_at = False
    for run, one in zip(runs, judged, strict=True):
        if not isinstance(one, Judgement):
            findings += one
            looked_at = True
        elif looked_at and run.build_failure is None and _stops_with_more_latents(run):
            return Judgement(each_once([*findings, _name_split(run)]))
        else:
            return one
    return Judgement(each_once(noise.without_chance(findings)))


def _without_held(judged: Sequence[RunJudged]) -> list[RunJudged]:
    """Each run's findings; one whose σ are all held at a bound says of it what one that shows the bound refutes."""
    return _without(_IF_ALL_ARE_HELD, judged) if any(_shows_bound(one) for one in judged) else list(judged)


def _without_coincidence(judged: Sequence[RunJudged]) -> list[RunJudged]:
    findings = [found for one in judged if not isinstance(one, Judgement) for found in one]
    is_chance = any(found.is_about(*_OF_ANOTHER_SIZE) for found in findings)
    return _without(_BY_CHANCE, judged) if is_chance else list(judged)


def _without(keys: Sequence[str], judged: Sequence[RunJudged]) -> list[RunJudged]:
    return [
        one if isinstance(one, Judgement) else [found for found in one if not found.is_about(*keys)] for one in judged
    ]


def _shows_bound(judged: RunJudged) -> bool:
    if isinstance(judged, Judgement) or any(one.is_about(*_IF_ALL_ARE_HELD) for one in judged):
        return False
    return any(one.is_about("bounded") for one in judged)


def _without_still(run: SamplingRun, judged: RunJudged) -> RunJudged:
    """A run's findings beside another one whose noise was seen; a σ that may be 0 can leave none in a whole batch."""
    if isinstance(judged, Judgement) or noise.is_random(run):
        return judged
    if any(one.is_about("no-noise") for one in judged):
        return ()
    return [one for one in judged if not one.is_about("fixed-noise")]


def _stops_with_more_latents(run: SamplingRun) -> bool:
    failure = run.outputs[0].failure
    return failure is not None and failure.error in ("ValueError", "RuntimeError", "IndexError")


def _name_split(run: SamplingRun) -> Finding:
    failure = run.outputs[0].failure
    message = failure.message if failure is not None else ""
    return finding(EXERCISE, "split-by-two", latents=run.latent_dims, message=message[:80])
