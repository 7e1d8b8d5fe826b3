"""A function or a class of the student's with one line of it mended, in the place of the one that stopped there.

What it does otherwise then shows as it would without that slip. The text that it is made of is the one that errors
quote; where there is none, or it is not what was run, nothing is mended.
"""

import ast
import linecache
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import islice
from types import CodeType, FrameType
from typing import Any, Self

Definition = ast.FunctionDef | ast.ClassDef
Edit = Callable[[ast.AST], ast.AST]
# Functions and classes that are mended at the moment, and the cells they are of.
_mended: ContextVar[Mapping[str, tuple[Definition, str]]] = ContextVar("_mended", default={})  # noqa: B039


@dataclass(frozen=True)
class Place:
    """Where a function or a class stopped.

    Attributes:
        filename: under which the cell's text is known.
        first_line: a line of the definition.
        lines: the lines that are in question: the one that stopped, and the one that is at fault, if that is another.
        function: the last of the student's functions that the error passed through; empty where that is none.
        variables: what its variables stand for.
        declared: the names of all its variables.
        names: the notebook's names.
    """

    filename: str
    first_line: int
    names: Mapping[str, Any]
    lines: tuple[int, ...] = ()
    function: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    declared: tuple[str, ...] = ()

    @classmethod
    def in_frame(cls, frame: FrameType, line: int, at_fault: int) -> Self:
        """Where a function stopped, and the number of the line that is at fault, 0 where none is known."""
        code = frame.f_code
        return cls(
            code.co_filename,
            code.co_firstlineno,
            frame.f_globals,
            (line,) if at_fault in (0, line) else (line, at_fault),
            code.co_name,
            frame.f_locals,
            code.co_varnames,
        )

    @classmethod
    def in_frames(cls, frames: Sequence[tuple[FrameType, int]], at_fault: int) -> Self:
        """The same of the last frame; a comprehension has its function's variables besides its own."""
        place = cls.in_frame(*frames[-1], at_fault)
        if len(frames) < 2 or not place.function.startswith("<"):
            return place
        around = frames[-2][0]
        variables = {**around.f_locals, **place.variables}
        return replace(place, variables=variables, declared=(*around.f_code.co_varnames, *place.declared))


@dataclass(frozen=True)
class Rewriting:
    """What could have been meant.

    Attributes:
        edit: gives for each node of the function what stands in its place, itself for most.
        lines: the lines that it is about; all of the function where there is none.
        name: the misconception that it shows, where that is another one than the error tells.
        is_bold: whether nothing in the line itself speaks for it; then it counts only if no part of the loss lacks.
    """

    edit: Edit
    lines: tuple[int, ...] = ()
    name: str = ""
    is_bold: bool = False


def likeliest(likely: Iterable[Rewriting], most: int) -> list[Rewriting]:
    """The first guesses, as far as they go: what a student's objects tell of themselves may be anything."""
    found: list[Rewriting] = []
    with suppress(Exception):
        for one in islice(likely, most):
            found.append(one)
    return found


def text_of(place: Place) -> str:
    """The text of the cell that the place is in."""
    return "".join(linecache.getlines(place.filename))


def definition_around(place: Place) -> Definition | None:
    """The outermost function or class that holds the line which stopped."""
    try:
        tree = ast.parse(text_of(place))
    except (SyntaxError, ValueError, RecursionError):
        return None
    number = place.first_line
    around = [one for one in tree.body if isinstance(one, Definition) and _first(one) <= number <= _end(one)]
    return around[0] if around else None


def place_of_class(name: str, filename: str, names: Mapping[str, Any]) -> Place | None:
    """Where the last class of that name stands in a cell; ``None`` where none does."""
    try:
        tree = ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError, RecursionError):
        return None
    lines = [one.lineno for one in tree.body if isinstance(one, ast.ClassDef) and one.name == name]
    return Place(filename, lines[-1], names) if lines else None


def nodes_at(place: Place) -> Iterator[ast.AST]:
    """The nodes of the lines that are in question."""
    function = definition_around(place)
    if function is not None:
        yield from (one for one in ast.walk(function) if _is_at(one, place.lines))


def name_called(call: ast.Call) -> str:
    """The last name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@contextmanager
def rewritten(changes: Sequence[tuple[Place, Rewriting]], names: dict[str, Any]) -> Iterator[bool]:
    """Have what is mended in the place of the student's own inside; whether each change has made a difference.

    Args:
        changes: for each slip where it stopped and what to mend; several may be in one function, and one may be inside
            the mending of another.
        names: the globals of the student's functions and classes.
    """
    made: dict[str, tuple[Definition, str]] = {}
    outside = _mended.get()
    for place, meant in changes:
        function = definition_around(place)
        if function is None or function.name not in names:
            yield False
            return
        before, filename = made.get(function.name) or deepcopy(outside.get(function.name, (function, place.filename)))
        after = None
        with suppress(Exception):  # it is an edit for lines of another kind
            after = _edited(before, meant)
        if after is None:
            yield False
            return
        made[function.name] = after, filename
    codes = [code for one in made.values() if (code := _compiled(*one)) is not None]
    if len(codes) < len(made):
        yield False
        return
    kept = {name: names[name] for name in made}
    _mended.set({**outside, **made})
    try:
        yield all(_defines(code, names) for code in codes)
    finally:
        _mended.set(outside)
        names.update(kept)


def _edited(function: Definition, meant: Rewriting) -> Definition | None:
    as_written = ast.dump(function)
    for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
        call.func.is_called = True  # type: ignore[attr-defined]
    made: Definition = _Editor(meant).visit(function)
    return None if ast.dump(made) == as_written else made


def _compiled(function: Definition, filename: str) -> CodeType | None:
    try:
        return compile(ast.fix_missing_locations(ast.Module([function], [])), filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, TypeError):
        return None


def _defines(code: CodeType, names: dict[str, Any]) -> bool:
    try:
        exec(code, names)
    except Exception:
        return False
    return True


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


def _first(definition: Definition) -> int:
    """Its first line: that of what decorates it, as in its code."""
    return min([definition.lineno, *(one.lineno for one in definition.decorator_list)])


def _end(node: ast.AST) -> int:
    first: int = getattr(node, "lineno", 0)
    return getattr(node, "end_lineno", None) or first
