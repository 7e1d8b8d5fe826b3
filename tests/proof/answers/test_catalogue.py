"""The catalogue of answers as data."""

from collections import Counter

from proof.answers.catalogue import read_answers
from proof.checkout import checkout


def test_every_answer_has_a_name_and_a_text_of_its_own() -> None:
    answers = read_answers(checkout())
    names = Counter(str(answer) for answer in answers)
    texts = Counter((answer.exercise, answer.source) for answer in answers)
    assert [name for name, count in names.items() if count > 1] == []
    assert [text for text, count in texts.items() if count > 1] == []
