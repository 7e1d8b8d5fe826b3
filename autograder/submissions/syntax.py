"""A cell's text as Python's tree, and the way through it."""

import ast
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress

_MAGIC = re.compile(r"^([ \t]*+)(?:(?:[^=\n]*+=[ \t]*+)?[%!?].*|[\w.\[\]]++\?{1,2}[ \t]*)$", re.MULTILINE)
_TIMED = re.compile(r"^([ \t]*+(?:[^=\n]*+=[ \t]*+)?)%time[ \t]++", re.MULTILINE)
# Python 3.11 counts how deep it is once for all threads, and is confused by two that parse (SystemError).
_ONE_AT_A_TIME = threading.Lock()


def parsed(source: str) -> tuple[ast.Module, str]:
    """A cell's tree, magics passed over as in the engine; an empty one where there is none, and perhaps the reason."""
    try:
        for text in _readings(source):
            with suppress(SyntaxError, ValueError), _ONE_AT_A_TIME:
                # Python's remarks on student code belong to the student. A filter for this name alone, set each time
                # since catching warnings takes it away, and not `catch_warnings`, which threads must not share.
                warnings.filterwarnings("ignore", module="<submission>")
                return ast.parse(text, "<submission>"), ""
    except (RecursionError, MemoryError):
        return ast.Module([], []), "its code is nested too deep to be looked through"
    return ast.Module([], []), ""


def _readings(source: str) -> Iterator[str]:
    """A text as it is, and then without its magics."""
    yield source
    yield _MAGIC.sub(r"\1pass", _TIMED.sub(r"\1", source))


def walk(tree: ast.AST) -> list[ast.AST]:
    """All nodes, outer ones first, in the order of ``ast.walk``, which takes twice as long."""
    nodes = [tree]
    for node in nodes:  # and for those that are added on the way
        nodes += children(node)
    return nodes


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right inside of one; what a name is used for is part of the name."""
    found: list[ast.AST] = []
    for field_name in node._fields:
        value = getattr(node, field_name, None)
        if isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
        elif isinstance(value, ast.AST) and field_name != "ctx":
            found.append(value)
    return found
