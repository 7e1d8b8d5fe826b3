"""Every pattern that meets a student's text takes time in proportion to its length, whatever the text is."""

import inspect
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from types import ModuleType

import pytest

from autograder.course.installed import find_course
from autograder.course.observation import LONGEST_TEXT, Failure
from autograder.judging import failures
from autograder.judging.failures import name_failure, printable

MODULES = (
    "autograder.judging.failures",
    "autograder.submissions.flags",
    "autograder.submissions.finding.platforms",
    "autograder.submissions.finding.result_names",
    "autograder.engine.worker.execute",
    "autograder.course.release",
)
SHORT, LONGER = 1_500, 10
FILLERS = ("", "a", "'", " ", "1", ".", "(", "\n", "=", "/", "\x1b[0")


@dataclass(frozen=True)
class Use:
    """A pattern, and the method by which it is held against a text."""

    pattern: re.Pattern[str]
    method: str = "search"

    def __str__(self) -> str:
        return f"{self.method} {self.pattern.pattern[:40]}"

    def on(self, text: str) -> None:
        getattr(self.pattern, self.method)(*(["", text] if self.method == "sub" else [text]))


def uses() -> list[Use]:
    """Those of the modules above, as they use them, and those of all courses' exceptions."""
    found = [use for name in MODULES for use in of_module(import_module(name))]
    raised = {
        pattern
        for key in ("autoencoders", "toy")
        for exercise in find_course(key).exercises
        for known in exercise.misconceptions
        for pair in known.raised
        for pattern in pair
    }
    sizes = [technical for technical, _ in failures._SIZES]
    return [*found, *(Use(re.compile(text)) for text in sorted({*raised, *sizes} - {""}))]


def of_module(module: ModuleType) -> Iterator[Use]:
    source = inspect.getsource(module)
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern):
            methods = set(re.findall(rf"\b{name}\.(\w+)", source))
            assert methods, f"{name} is not used"
            yield from (Use(value, method) for method in sorted(methods))


def texts(pattern: re.Pattern[str], size: int) -> list[str]:
    """What the pattern's own words give when they come again and again, with something in between."""
    words = {word.replace("\\", "") for word in re.findall(r"(?:[\w' .,/-]|\\[.()'/])+", pattern.pattern)}
    pieces = [f"{word}{filler}" for word, filler in product(sorted(words, key=len)[-4:] or ["a"], FILLERS)]
    return [(piece * (size // len(piece) + 1))[:size] for piece in (*pieces, "a", " ", "\n", "'", ".", "\x1b[", "1x")]


def seconds(use: Use, text: str) -> float:
    def once() -> float:
        started = time.process_time()
        use.on(text)
        return time.process_time() - started

    return min(once() for _ in range(3))


@pytest.mark.parametrize("use", uses(), ids=str)
def test_a_pattern_takes_time_in_proportion(use: Use) -> None:
    for text, longer in zip(texts(use.pattern, SHORT), texts(use.pattern, SHORT * LONGER), strict=True):
        # Ten times as long takes a hundred times as long where time grows with the square.
        assert seconds(use, longer) < 40 * max(seconds(use, text), 5e-5), repr(text[:60])


def test_the_test_notices_a_pattern_that_does_not() -> None:
    with pytest.raises(AssertionError):
        test_a_pattern_takes_time_in_proportion(Use(re.compile(r"unsupported operand.*'(Linear)'")))


def test_a_forged_message_is_cut_before_it_is_looked_at() -> None:
    failure = Failure("raised", "TypeError", "unsupported operand" * 26_000, "x = 1" * 100_000, 1)
    assert max(map(len, (failure.error, failure.message, failure.line))) == LONGEST_TEXT
    exercise = find_course("autoencoders").exercise("encoder")
    started = time.process_time()
    assert len(name_failure(exercise, failure).message) <= 300
    assert time.process_time() - started < 0.5


def test_a_text_is_cut_before_it_is_made_printable() -> None:
    started = time.process_time()
    assert printable("\x1b[" * 5_000_000 + "a").startswith("[")
    assert time.process_time() - started < 0.5
