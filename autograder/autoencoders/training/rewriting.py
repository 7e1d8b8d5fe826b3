"""A function of the student's with one line of it mended, in the place of the one that stopped there.

What it does otherwise then shows as it would without that slip. The text that it is made of is the one that errors
quote; where there is none, or it is not what was run, nothing is mended.
"""

import ast
import linecache
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

Edit = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True)
class Place:
    """Where a function stopped.

    Attributes:
        frame: the last of the student's functions that the error passed through.
        lines: the lines that are in question: the one that stopped, and the one that is at fault, if that is another.
    """

    frame: FrameType
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Rewriting:
    """What could have been meant.

    Attributes:
        edit: gives for each node of the function what stands in its place, itself for most.
        lines: the lines that it is about; all of the function where there is none.
        name: the misconception that it shows, where that is another one than the error tells.
    """

    edit: Edit
    lines: tuple[int, ...] = ()
    name: str = ""


def function_around(place: Place) -> ast.FunctionDef | None:
    """The outermost function that holds the line which stopped."""
    text = "".join(linecache.getlines(place.frame.f_code.co_filename))
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    number = place.frame.f_code.co_firstlineno
    around = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.lineno <= number <= _end(one)]
    return around[0] if around else None


def nodes_at(place: Place) -> Iterator[ast.AST]:
    """The nodes of the lines that are in question."""
    function = function_around(place)
    if function is not None:
        yield from (one for one in ast.walk(function) if _is_at(one, place.lines))


@contextmanager
def rewritten(changes: Sequence[tuple[Place, Rewriting]], names: dict[str, Any]) -> Iterator[bool]:
    """Have the mended functions in the place of the student's inside; whether each change has made a difference.

    Args:
        changes: for each slip where it stopped and what to mend; several may be in one function.
        names: the globals of the student's functions.
    """
    made: dict[str, tuple[ast.FunctionDef, str]] = {}
    for place, meant in changes:
        function = function_around(place)
        if function is None or function.name not in names:
            yield False
            return
        before, filename = made.get(function.name, (function, place.frame.f_code.co_filename))
        after = _edited(before, meant)
        if after is None:
            yield False
            return
        made[function.name] = after, filename
    codes = [_compiled(*one) for one in made.values()]
    if not all(codes):
        yield False
        return
    kept = {name: names[name] for name in made}
    try:
        for code in codes:
            exec(code, names)
        yield True
    finally:
        names.update(kept)


def _edited(function: ast.FunctionDef, meant: Rewriting) -> ast.FunctionDef | None:
    as_written = ast.dump(function)
    for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
        call.func.is_called = True  # type: ignore[attr-defined]
    made: ast.FunctionDef = _Editor(meant).visit(function)
    return None if ast.dump(made) == as_written else made


def _compiled(function: ast.FunctionDef, filename: str) -> Any:
    # What decorates it would be called a second time.
    function.decorator_list = []
    try:
        return compile(ast.fix_missing_locations(ast.Module([function], [])), filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, TypeError):
        return None


class _Editor(ast.NodeTransformer):
    def __init__(self, meant: Rewriting) -> None:
        self._meant = meant

    def visit(self, node: ast.AST) -> Any:
        self.generic_visit(node)
        if self._meant.lines and not _is_at(node, self._meant.lines):
            return node
        made = self._meant.edit(node)
        return made if made is node else ast.copy_location(made, node)


def _is_at(node: ast.AST, lines: Sequence[int]) -> bool:
    first = getattr(node, "lineno", 0)
    # Of a statement that holds others, its first line alone.
    last = first if hasattr(node, "body") else _end(node)
    return any(first <= line <= last for line in lines)


def _end(node: ast.AST) -> int:
    first: int = getattr(node, "lineno", 0)
    return getattr(node, "end_lineno", None) or first
