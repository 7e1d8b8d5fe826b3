"""Judge what the student's ``double`` gave."""

from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis, explain
from autograder.judging.failures import judge_failure, name_missing_tensor
from autograder.judging.verdicts import Judgement, fail_all_checks, finding
from toy_course.exercises.doubling.misconceptions import DOUBLING
from toy_course.exercises.doubling.probe import Observation, numbers


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``double``."""
    given = seen.given.numbers
    if seen.given.failure is not None:
        return judge_failure(DOUBLING, seen.given.failure)
    if given is None:
        return fail_all_checks(DOUBLING, name_missing_tensor(DOUBLING, seen.given))
    x = numbers(seed)
    hypotheses = [
        Hypothesis(None, 2 * x),
        Hypothesis("squared", x**2),
        Hypothesis("unchanged", x),
        Hypothesis("summed", 2 * x.sum()),
    ]
    explained = explain(hypotheses, lambda expected: close(given, expected))
    if explained is None:
        return Judgement((finding(DOUBLING, "unknown"),))
    return Judgement() if explained.misconception is None else Judgement((finding(DOUBLING, explained.misconception),))
