"""A notebook's text without what its cells have shown: pictures make most of a file, and none of the work."""

import re
from collections.abc import Iterator

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
# Up to the next bracket that counts, over strings and over pairs of brackets with nothing but numbers between them.
_TO_BRACKET = {
    b"[": re.compile(rb'(?:[^"\[\]]++|%b|\[[^"\[\]]*+\])*+([\[\]])' % _STRING, re.DOTALL),
    b"{": re.compile(rb'(?:[^"{}]++|%b|\{[^"{}]*+\})*+([{}])' % _STRING, re.DOTALL),
}
_DEEPEST = 900  # Python's reader of JSON goes no deeper
# In JSON a name in quotes that a colon follows is a key, or the end of one; none that is read ends like these.
_KEYS = {
    b"[": re.compile(rb'"outputs"\s*+:\s*+\['),
    b"{": re.compile(rb'"(?:attachments|widgets)"\s*+:\s*+\{'),
}


def without_outputs(data: bytes) -> bytes:
    """The notebook's JSON, every list of outputs empty; as it is from where a list does not end."""
    return b"".join(_kept(data, b"["))


def without_attachments(data: bytes) -> bytes:
    """The notebook's JSON without the pictures in its texts and the state of its widgets."""
    return b"".join(_kept(data, b"{"))


def _kept(data: bytes, opening: bytes) -> Iterator[bytes]:
    view, done = memoryview(data), 0
    while found := _KEYS[opening].search(data, done):
        end = _end(data, found.end(), opening)
        if end is None:
            break
        yield bytes(view[done : found.end()])
        done = end
    yield bytes(view[done:])


def _end(data: bytes, start: int, opening: bytes) -> int | None:
    """Where the bracket stands that closes the one before ``start``."""
    depth, place = 1, start
    while depth:
        found = _TO_BRACKET[opening].match(data, place)
        if found is None or depth > _DEEPEST:
            return None
        depth += 1 if found[1] == opening else -1
        place = found.end()
    return place - 1
