"""Tests made of the catalogue's answers: names that ``pytest -k`` takes, and files that cannot be read."""

import re
from dataclasses import dataclass
from functools import cache

from answers import Answer
from proof.answers import catalogue
from proof.checkout import checkout

from autograder.autoencoders.course import AUTOENCODERS

_ODD = re.compile(r"\W+", re.ASCII)


def answer_id(answer: Answer) -> str:
    """A test's name for an answer, such as ``train-mse_loss-sum``."""
    return _ODD.sub("-", f"{answer.exercise}-{answer.name}").strip("-")


@dataclass(frozen=True)
class AnswerFile:
    """What a file of the catalogue holds, or why it cannot be read."""

    answers: tuple[Answer, ...] = ()
    problem: str = ""


@cache
def answer_file(key: str) -> AnswerFile:
    """The file of an exercise's answers; raises nothing, so that it can be asked for while tests are collected."""
    path = checkout() / catalogue.FOLDER / f"{key}.toml"
    try:
        answers = tuple(catalogue.read_file(path))
    except Exception as error:
        return AnswerFile(problem=f"{path} cannot be read: {type(error).__name__}: {error}")
    if odd := {answer.exercise for answer in answers} - {key}:
        return AnswerFile(problem=f"{path} holds answers to {odd}")
    return AnswerFile(answers)


def readable_answers() -> tuple[Answer, ...]:
    """The answers of all files that can be read; ``autoencoders/test_answers.py`` fails for the others."""
    return tuple(answer for key in AUTOENCODERS.keys for answer in answer_file(key).answers)
