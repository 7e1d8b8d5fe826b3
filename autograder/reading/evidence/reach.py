"""Reaching for the grader or the system, and asking which of grader and notebook is there."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.reading.evidence import rules
from autograder.reading.evidence.finding import Evidence, Kind
from autograder.reading.evidence.names import full_name, imports_of
from autograder.reading.evidence.source import ReadCell

_LONGEST_NAME = 60
_Seen = Iterator[tuple[str, Kind]]


def reaching(cell: ReadCell, names: Mapping[str, str], bound: frozenset[str]) -> Iterator[Evidence]:
    """What a cell reaches for.

    Args:
        cell: the cell.
        names: what imported names stand for.
        bound: names that the student's cells define themselves.
    """
    look = _Look(cell.parsed.parents, names, bound)
    for node in cell.nodes:
        for seen, kind in look.at(node):
            yield cell.evidence(getattr(node, "lineno", 1), seen, kind)
    for number, line in cell.parsed.unparsed:
        for word in rules.WORDS.findall(line.partition("#")[0]):
            yield cell.evidence(number, f"it names `{word}`", Kind.GRADER)


@dataclass(frozen=True)
class _Look:
    """Looks at one node at a time."""

    parents: Mapping[ast.AST, ast.AST]
    names: Mapping[str, str]
    bound: frozenset[str]

    def at(self, node: ast.AST) -> _Seen:
        """What is seen at a node."""
        match node:
            case ast.Import() | ast.ImportFrom():
                yield from self._import(node)
            case ast.Name():
                yield from self._name(node)
            case ast.Attribute():
                yield from self._attribute(node)
            case ast.Call():
                yield from self._call(node)
            case ast.Constant():
                yield from self._constant(node)
            case ast.ClassDef():
                yield from self._class(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> _Seen:
        for full in imports_of(node):
            if found := rules.reached(full):
                yield f"it imports `{_short(found[0])}`", found[1]

    def _name(self, node: ast.Name) -> _Seen:
        if not isinstance(node.ctx, ast.Load):
            return
        if node.id in self.names:
            yield from self._reference(node)
        elif node.id in self.bound:
            return
        elif node.id in rules.BUILTINS:
            yield rules.BUILTINS[node.id]
        elif node.id == "get_ipython" and not self._asks_shell_for_magic(node):
            yield "it asks for `get_ipython`", Kind.SETTING
        elif node.id == "__name__" and self._tests_name(node):
            yield "it tests `__name__`", Kind.SETTING

    def _attribute(self, node: ast.Attribute) -> _Seen:
        if isinstance(node.ctx, ast.Load):
            yield from self._reference(node)
            return
        full = full_name(node, self.names)
        if node.attr == "__class__":
            yield "it changes an object's `__class__`", Kind.GRADER
        elif _patched(full):
            yield f"it changes `{_short(full)}`", Kind.GRADER

    def _reference(self, node: ast.Name | ast.Attribute) -> _Seen:
        """A name with its attributes; the longest one only."""
        full = full_name(node, self.names)
        if isinstance(node, ast.Attribute) and node.attr in rules.ATTRIBUTES:
            yield f"it reaches for `{_short(full or node.attr)}`", Kind.GRADER
            return
        if isinstance(self.parents.get(node), ast.Attribute):
            return
        if full in ("sys.modules", "sys.modules.get") and self._asked_key(node).startswith(rules.HARMLESS_MODULE):
            return
        if full in rules.WHOLE:
            yield f"it hands on the whole module `{full}`", Kind.GRADER
        elif full.endswith(".__dict__") and full.partition(".")[0] in rules.PATCHED:
            yield f"it reaches for `{_short(full)}`", Kind.GRADER
        elif (full + ".").startswith(("os.environ.", "os.getenv.")):
            yield from self._environment(node, full)
        elif found := rules.reached(full):
            yield f"it reaches for `{_short(found[0])}`", found[1]

    def _environment(self, node: ast.AST, full: str) -> _Seen:
        parent = self.parents.get(node)
        sets = isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)
        if sets or full.endswith((".setdefault", ".update", ".pop")):
            return
        if not rules.HARMLESS_VARIABLE.match(self._asked_key(node)):
            yield "it reads the environment's variables", Kind.SETTING

    def _asked_key(self, node: ast.AST) -> str:
        """The constant key in ``x[key]``, ``x.get(key)`` or ``key in x``; empty where there is none."""
        parent = self.parents.get(node)
        key: ast.AST | None = None
        if isinstance(parent, ast.Subscript):
            key = parent.slice
        elif isinstance(parent, ast.Compare):
            key = parent.left
        elif isinstance(parent, ast.Call) and parent.args and parent.func is node:
            key = parent.args[0]
        return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""

    def _asks_shell_for_magic(self, node: ast.AST) -> bool:
        call = self.parents.get(node)
        use = self.parents.get(call) if isinstance(call, ast.Call) else None
        return isinstance(use, ast.Attribute) and use.attr in rules.HARMLESS_SHELL

    def _tests_name(self, node: ast.AST) -> bool:
        """Whether ``__name__`` is looked into, other than by the usual line."""
        parent = self.parents.get(node)
        if not isinstance(parent, ast.Compare):
            return isinstance(parent, ast.Attribute | ast.Subscript)
        sides = [side.value for side in (parent.left, *parent.comparators) if isinstance(side, ast.Constant)]
        return not (sides == ["__main__"] and isinstance(parent.ops[0], ast.Eq))

    def _call(self, node: ast.Call) -> _Seen:
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if called in ("setattr", "delattr") and node.args:
            changed = full_name(node.args[0], self.names)
            if _patched(changed + "."):
                yield f"it changes `{_short(changed)}`", Kind.GRADER
        opens = (called == "open" and called not in self.bound) or method == "open"
        if method in ("write_text", "write_bytes") or (opens and _writes(node)):
            yield "it writes to a file", Kind.SYSTEM

    def _constant(self, node: ast.Constant) -> _Seen:
        if not isinstance(node.value, str):
            return
        if node.value in rules.ATTRIBUTES:
            yield f"it names `{node.value}`", Kind.GRADER
        if found := rules.GUARDED_PATH.search(node.value):
            yield f"it names `{found[0]}`", Kind.GRADER

    def _class(self, node: ast.ClassDef) -> _Seen:
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef) and statement.name in rules.METHODS:
                yield f"its class `{_short(node.name)}` defines `{statement.name}` anew", Kind.GRADER


def _patched(full: str) -> bool:
    root, dot, _ = full.partition(".")
    return bool(dot) and root in rules.PATCHED and not full.startswith(rules.SETTINGS)


def _writes(node: ast.Call) -> bool:
    at = (
        slice(0, 2) if isinstance(node.func, ast.Attribute) else slice(1, 2)
    )  # `path.open("w")`, `gzip.open(path, "wb")`
    texts = [*node.args[at], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    modes = (text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str))
    return any(rules.WRITING.match(mode) for mode in modes)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
