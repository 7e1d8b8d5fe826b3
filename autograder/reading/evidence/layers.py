"""Classes that should be made of layers and make none."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from autograder.reading.evidence.finding import Evidence, Kind
from autograder.reading.evidence.names import full_name
from autograder.reading.evidence.source import ReadCell
from autograder.reading.released import Released, code_lines

# In doubt a name is one of a layer's: this looks for classes without any.
_LAYER = re.compile(
    r"Linear|Conv|Parameter|Norm(?!al)|Embedding|RNN|LSTM|GRU|Transformer|Attention|PReLU|MLP|Perceptron"
    r"|register_parameter|requires_grad"
)
_COULD_BE_ANY = frozenset({"__import__", "eval", "exec", "getattr", "globals", "vars", "deepcopy", "load"})
_WITHOUT_LAYERS = sys.stdlib_module_names | {"matplotlib", "numpy", "torch", "torchvision", "tqdm"}
_LIBRARIES_OF_LAYERS = ("torch.hub", "torchvision.models", "torchvision.ops")

_Definitions = Mapping[str, list[tuple[ReadCell, ast.AST]]]


def without_layers(cells: Sequence[ReadCell], names: Mapping[str, str], released: Released) -> Iterator[Evidence]:
    """The classes of the exercises that ask for layers, where nothing that they lead to creates a layer.

    A name leads to everything that any cell gives that name, so that helpers and base classes count.
    """
    if any(isinstance(node, ast.alias) and node.name == "*" for cell in cells if cell.own for node in cell.nodes):
        return
    definitions = _definitions(cells)
    given = released.given_lines
    for asked, exercise in released.networks().items():
        own = [
            (cell, node) for cell, node in definitions.get(asked, []) if cell.own and not _untouched(cell, node, given)
        ]
        if not own:
            continue
        nodes = _led_to([node for _, node in own], {asked}, definitions)
        if not _finished(nodes) or any(_may_create(node, names) for node in nodes):
            continue
        cell, node = own[-1]
        seen = f"`{asked}` creates no layer and no parameter"
        line = getattr(node, "lineno", 1)
        yield Evidence(exercise, cell.place, line, seen, Kind.LAYERS, (cell.number, line))


def _definitions(cells: Sequence[ReadCell]) -> _Definitions:
    """What cells define at their top level; what is assigned to a part of something belongs to the whole."""
    found: dict[str, list[tuple[ReadCell, ast.AST]]] = defaultdict(list)
    for cell in cells:
        for statement in _top_level(cell.tree):
            for name in set(_defined(statement)):
                found[name].append((cell, statement))
    return found


def _top_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Statements outside functions and classes, those in ``if``, ``try``, ``with`` and loops included."""
    to_visit: list[ast.AST] = [tree]
    while to_visit:
        node = to_visit.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.expr):
            to_visit += ast.iter_child_nodes(node)


def _defined(statement: ast.AST) -> Iterator[str]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _led_to(to_follow: list[ast.AST], followed: set[str], definitions: _Definitions) -> list[ast.AST]:
    """Every node of these, and of what the names in there stand for, save for names that are followed already."""
    nodes: list[ast.AST] = []
    reached = set(to_follow)
    while to_follow:
        for node in ast.walk(to_follow.pop()):
            nodes.append(node)
            if isinstance(node, ast.Name) and node.id not in followed:
                followed.add(node.id)
                further = {definition for _, definition in definitions.get(node.id, [])} - reached
                reached |= further
                to_follow += further
    return nodes


def _untouched(cell: ReadCell, node: ast.AST, given: frozenset[str]) -> bool:
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or len(cell.lines)
    return all(line in given for line in code_lines("\n".join(cell.lines[first - 1 : last])))


def _finished(nodes: Sequence[ast.AST]) -> bool:
    """Whether something is computed, and nothing stands there that says "not done yet"."""
    computes = False
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and any(_says_unfinished(statement) for statement in node.body):
            return False
        computes = computes or isinstance(node, ast.BinOp) or (isinstance(node, ast.Call) and not _is_super(node))
    return computes


def _says_unfinished(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return any(isinstance(node, ast.Name) and node.id == "NotImplementedError" for node in ast.walk(statement))
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Constant) and value.value is Ellipsis


def _is_super(node: ast.Call) -> bool:
    """Whether it is ``super()`` or ``super().__init__(…)``."""
    called: ast.AST = node.func
    if isinstance(called, ast.Attribute) and called.attr == "__init__" and isinstance(called.value, ast.Call):
        called = called.value.func
    return isinstance(called, ast.Name) and called.id == "super"


def _may_create(node: ast.AST, names: Mapping[str, str]) -> bool:
    if isinstance(node, ast.keyword):
        return bool(node.arg and _LAYER.search(node.arg))
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    identifier = node.id if isinstance(node, ast.Name) else node.attr
    if _LAYER.search(identifier) or identifier in _COULD_BE_ANY:
        return True
    full = full_name(node, names)
    return bool(full) and (full.split(".")[0] not in _WITHOUT_LAYERS or full.startswith(_LIBRARIES_OF_LAYERS))
