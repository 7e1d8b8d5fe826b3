"""Cells as syntax trees; what does not parse is read as far as it does."""

import ast
import re
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from autograder.reading.evidence.finding import Evidence, Kind
from autograder.reading.released import Released
from autograder.reading.submission import Submission

# Python 3.11 counts how deep it is once for all threads, and is confused by two that parse (SystemError).
_ONE_AT_A_TIME = threading.Lock()
_LONGEST_CELL = 50_000
_LONGEST_SUBMISSION = 100_000
_TOO_DEEP = "its code is nested too deep to be looked through"
_FILE = "<evidence>"
_LINE_END = re.compile(r"\r\n|\r|\n")

# As the engine has it: these magics run their cell, all others pass it over.
_WRAPPING_MAGIC = re.compile(r"\s*%%(?:time|timeit|capture|prun)\b")
_CELL_MAGIC = re.compile(r"\s*%%")
_TIMED = re.compile(r"^(\s*+(?:[^=]*+=\s*+)?)%time\s++")
_MAGIC = re.compile(r"^(\s*+)(?:[%!?]|[\w.\[\]]++\?{1,2}\s*$).*$")
_ASSIGNED_MAGIC = re.compile(r"^([^=]*+=\s*+)[%!].*$")
_PROMPT = re.compile(r"^\s*+(?:>>> ?|In \[\d*+\]: ?)")
_ANY_PROMPT = re.compile(r"^\s*+(?:>>> ?|\.\.\.+:? ?|In \[\d*+\]: ?)")
_GOES_ON = re.compile(r"\s|[)\]}#]|(?:else|elif|except|finally)\b|$")


# The same few objects in all trees.
_SHARED = (ast.expr_context, ast.operator, ast.cmpop)


@dataclass(frozen=True)
class Parsed:
    """What a text holds.

    Attributes:
        tree: what could be parsed.
        unparsed: the lines that could not, with their numbers.
        unread: why more was left out, if so.
    """

    tree: ast.Module
    unparsed: tuple[tuple[int, str], ...] = ()
    unread: str = ""

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """Every node of the tree, outer ones first, with the node that it hangs from."""
        parents: dict[ast.AST, ast.AST] = {self.tree: self.tree}
        to_visit: deque[ast.AST] = deque([self.tree])
        while to_visit:
            node = to_visit.popleft()
            for child in _children(node):
                parents[child] = node
                to_visit.append(child)
        return parents

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, outer ones first."""
        return tuple(self.parents)

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names that are defined or assigned."""
        return frozenset(_bound(self.nodes))


@dataclass(frozen=True)
class ReadCell:
    """A cell with its tree.

    Attributes:
        number: its number among all cells that are run.
        exercise: name of the solution cell that it is or stands for; empty for others.
        place: what a person would call it.
        own: whether the student may have written it.
        source: its text.
        parsed: what that holds.
    """

    number: int
    exercise: str
    place: str
    own: bool
    source: str
    parsed: Parsed

    @property
    def tree(self) -> ast.Module:
        """What could be parsed."""
        return self.parsed.tree

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines, as Python numbers them."""
        return _LINE_END.split(self.source)

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, outer ones first."""
        return self.parsed.nodes

    def evidence(self, line: int, seen: str, kind: Kind) -> Evidence:
        """Something seen in this cell."""
        return Evidence(self.exercise, self.place, line, seen, kind, (self.number, line))


def read_cells(submission: Submission, released: Released) -> tuple[ReadCell, ...]:
    """All cells that are run, with their trees."""
    given = {cell.source for cell in released.cells if not cell.solution}
    asked = released.definitions()
    read: list[ReadCell] = []
    added = total = 0
    for number, cell in enumerate(submission.cells):
        own = bool(cell.name) or cell.source not in given
        added += own and not cell.name
        total += len(cell.source) if own else 0
        if not own:
            parsed = _given(cell.source)
        else:
            parsed = parse(cell.source) if total <= _LONGEST_SUBMISSION else _left_out(cell.source)
        place = f"the `{cell.name}` cell" if cell.name else f"the student's own cell {added}"
        exercise = cell.name or _stands_for(parsed.tree, asked)
        read.append(ReadCell(number, exercise, place, own, cell.source, parsed))
    return tuple(read)


def _stands_for(tree: ast.Module, asked: Mapping[str, str]) -> str:
    """The solution cell whose class or function a cell defines."""
    names = (node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef))
    return next((asked[name] for name in names if name in asked), "")


def parse(source: str) -> Parsed:
    """What a cell's text holds, with magics passed over; raises nothing."""
    if len(source) > _LONGEST_CELL:
        return _left_out(source)
    try:
        return Parsed(_tree(source))
    except (SyntaxError, ValueError):
        lines = _python_lines(_LINE_END.split(source))
    except (RecursionError, MemoryError):
        return Parsed(ast.Module([], []), unread=_TOO_DEEP)
    try:
        return Parsed(_tree("\n".join(lines)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _in_pieces(lines)


@lru_cache(maxsize=100)
def _given(source: str) -> Parsed:
    return parse(source)


def _left_out(source: str) -> Parsed:
    return Parsed(ast.Module([], []), unread=f"it has {len(source):,} characters, too many to be looked through")


def _tree(source: str) -> ast.Module:
    # Python's remarks on student code belong to the student. A filter for this name alone, set each time since whoever
    # catches warnings takes it away again, and not `catch_warnings`, which threads must not share.
    warnings.filterwarnings("ignore", module=re.escape(_FILE))
    with _ONE_AT_A_TIME:
        return ast.parse(source, _FILE)


def _python_lines(lines: list[str]) -> list[str]:
    """The lines without magics, shell commands, prompts and common indentation; as many as there were."""
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    while first < len(lines) and _CELL_MAGIC.match(lines[first]):
        if not _WRAPPING_MAGIC.match(lines[first]):
            return [""] * len(lines)
        lines = ["" if number == first else line for number, line in enumerate(lines)]
        first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if first < len(lines) and _PROMPT.match(lines[first]):
        lines = [_ANY_PROMPT.sub("", line) for line in lines]
    if first < len(lines):
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        lines = [line.removeprefix(indent) for line in lines]
    return [_python_line(line) for line in lines]


def _python_line(line: str) -> str:
    line = _TIMED.sub(r"\1", line)
    return _ASSIGNED_MAGIC.sub(r"\1None", _MAGIC.sub(r"\1pass", line))


def _in_pieces(lines: list[str]) -> Parsed:
    """Each statement that begins at a line's start by itself, so that one that does not parse hides no other."""
    body: list[ast.stmt] = []
    unparsed: list[tuple[int, str]] = []
    unread = ""
    for start, piece in _pieces(lines):
        try:
            tree = _tree("\n".join(piece))
            body += ast.increment_lineno(tree, start).body
        except (SyntaxError, ValueError):
            unparsed += enumerate(piece, start + 1)
        except (RecursionError, MemoryError):
            unread = _TOO_DEEP
    return Parsed(ast.Module(body, []), tuple(unparsed), unread)


def _pieces(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    start = 0
    for number, line in enumerate(lines):
        if number > start and not _GOES_ON.match(line) and not lines[number - 1].startswith("@"):
            yield start, lines[start:number]
            start = number
    yield start, lines[start:]


def _children(node: ast.AST) -> list[ast.AST]:
    """As ``ast.iter_child_nodes``, which takes twice as long."""
    children: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            children += [item for item in value if isinstance(item, ast.AST) and not isinstance(item, _SHARED)]
        elif isinstance(value, ast.AST) and not isinstance(value, _SHARED):
            children.append(value)
    return children


def _bound(nodes: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
