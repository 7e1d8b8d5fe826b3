"""The catalogue's answers, as tests use them."""

from autograder.verify.answers.catalogue import Answer, read_answers
from autograder.verify.answers.judging import judge_source, namespace
from autograder.verify.checkout import checkout

__all__ = ["Answer", "answers", "judge_source", "namespace"]


def answers() -> list[Answer]:
    """Every answer of the catalogue."""
    return read_answers(checkout())
