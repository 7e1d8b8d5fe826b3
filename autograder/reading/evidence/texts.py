"""Text that is odd in itself: payloads, memorised numbers, characters that nobody sees."""

import ast
import re
from collections.abc import Iterator

from autograder.reading.evidence.finding import Evidence, Kind
from autograder.reading.evidence.source import ReadCell

_MOST_NUMBERS = 1000
_LONGEST_STRING = 3000
_NAMES = frozenset({"arg", "asname", "attr", "id", "name"})
_PROSE_LETTERS, _PROSE_SPACES = 0.6, 0.08

# Marks alone (U+200E, U+200F) are left out: they come with honest Hebrew and Arabic. So are joiners, which emoji have.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u3164\ufe00-\ufe0f\uffa0"
                     "\U000e0100-\U000e01ef]")  # fmt: skip


def odd_text(cell: ReadCell) -> Iterator[Evidence]:
    """What is odd in a cell's text, whatever it does."""
    if cell.parsed.unread:
        yield cell.evidence(1, cell.parsed.unread, Kind.TEXT)
        return
    for number, line in enumerate(cell.lines, 1):
        if found := _TURNING.search(line):
            yield cell.evidence(number, f"it holds U+{ord(found[0]):04X}, which shows text in another order", Kind.TEXT)
    yield from _numbers(cell)
    for node in cell.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and _payload(node.value):
            seen = f"it holds {len(node.value):,} characters in one string, and they are no prose"
            yield cell.evidence(node.lineno, seen, Kind.TEXT)
        for identifier in _identifiers(node):
            if found := _UNSEEN.search(identifier):
                seen = f"a name holds U+{ord(found[0]):04X}, which nobody sees"
                yield cell.evidence(getattr(node, "lineno", 1), seen, Kind.TEXT)


def _numbers(cell: ReadCell) -> Iterator[Evidence]:
    numbers = [
        node for node in cell.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex)
        and not isinstance(node.value, bool)
    ]  # fmt: skip
    if len(numbers) > _MOST_NUMBERS:
        yield cell.evidence(numbers[0].lineno, f"it holds {len(numbers):,} numbers written out", Kind.TEXT)


def _payload(value: str | bytes) -> bool:
    if len(value) < _LONGEST_STRING:
        return False
    text = value if isinstance(value, str) else value.decode("latin-1")
    letters = sum(character.isalpha() for character in text) / len(text)
    spaces = sum(character.isspace() for character in text) / len(text)
    return letters < _PROSE_LETTERS or spaces < _PROSE_SPACES


def _identifiers(node: ast.AST) -> Iterator[str]:
    for field in node._fields:
        if field in _NAMES and isinstance(identifier := getattr(node, field), str):
            yield identifier
