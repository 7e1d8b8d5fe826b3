"""Names as they are imported: ``nn.Linear`` is ``torch.nn.Linear``."""

import ast
from collections.abc import Iterable, Iterator, Mapping

_MOST_PARTS = 50


def imported_names(cells: Iterable[Iterable[ast.AST]]) -> dict[str, str]:
    """What each imported name stands for, over the nodes of all cells."""
    names: dict[str, str] = {}
    for nodes in cells:
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names |= dict(_imported(node))
    return names


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            first = alias.name.partition(".")[0]
            yield first, first


def imports_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The full names of what an import brings in."""
    if isinstance(node, ast.ImportFrom):
        return [full for _, full in _imported(node)]
    return [alias.name for alias in node.names]


def full_name(node: ast.AST, names: Mapping[str, str]) -> str:
    """The full name of ``a.b.c`` where ``a`` is imported; empty for all else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return ""
    return ".".join([names[node.id], *parts[::-1][:_MOST_PARTS]])
