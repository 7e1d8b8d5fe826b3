"""The catalogue's answers, as tests use them."""

from proof.answers.catalogue import Answer, read_answers
from proof.answers.judging import judge_source, namespace
from proof.checkout import checkout

__all__ = ["Answer", "answers", "judge_source", "namespace"]


def answers() -> list[Answer]:
    """Every answer of the catalogue."""
    return read_answers(checkout())
