"""The two halves of the variational encoder share a cell: what is wrong in one costs nothing in the other."""

import pytest
from answers import Answer, judge_source
from ids import answer_id, readable_answers

RIGHT_SAMPLE = "z = mu + sigma * torch.randn_like(mu)"
RIGHT_KL = "self.kl = (0.5 * (sigma**2 + mu**2 - 1) - torch.log(sigma)).sum()"
# Nothing can be asked of the other half of a class that cannot be made or run, or of which a part is not there yet; nor
# of a KL whose μ and σ are of several images, or are other ones each time.
NOTHING_TO_JUDGE = (
    "still to do",
    "layer not called",
    "raise left in",
    "the class called with data",
    "NumPy noise and no exp",
    "logarithm of the head",
    "ReLU in place of the exponential, noise from",
    "logarithm of the variance for the spread",
    "even and odd images",
    "normal draws without a size",
)
# The KL's own mistake, and one of the sampling.
OF_BOTH = ("for the sample as well",)

WRONG = [
    answer
    for answer in readable_answers()
    if not answer.right and not any(part in answer.name for part in (*NOTHING_TO_JUDGE, *OF_BOTH))
]


@pytest.mark.parametrize(
    "answer", [one for one in WRONG if one.exercise == "variational_encoder" and RIGHT_KL in one.source], ids=answer_id
)
def test_a_mistake_in_the_sampling_costs_nothing_of_a_right_kl(answer: Answer) -> None:
    result = judge_source("kl", answer.source, seed=11)
    assert [check for check in result.checks if not check.passed] == []


@pytest.mark.parametrize(
    "answer", [one for one in WRONG if one.exercise == "kl" and RIGHT_SAMPLE in one.source], ids=answer_id
)
def test_a_mistake_in_the_kl_costs_nothing_of_a_right_sampling(answer: Answer) -> None:
    result = judge_source("variational_encoder", answer.source, seed=11)
    assert [check for check in result.checks if not check.passed] == []
