"""The catalogue's answers, as tests use them."""

from autograder.verify.answers import Answer, judge_source, namespace, read_answers
from autograder.verify.catalogue import checkout

__all__ = ["Answer", "answers", "judge_source", "namespace"]


def answers() -> list[Answer]:
    """Every answer of the catalogue."""
    return read_answers(checkout())
