"""Ways to mend the sizes of a class's dense layers, which are numbered as they stand in its constructor."""

import ast
from collections.abc import Callable, Collection

from autograder.autoencoders.rewriting.definitions import Edit

_SIZES = ("in_features", "out_features")


def wide(written: int, wanted: int, called: Collection[str]) -> Edit:
    """A layer, one of those that are called, which takes rows of another size."""

    def edit(node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.Assign) or getattr(node.targets[0], "attr", "") not in called:
            return node
        for part in ast.walk(node.value):
            if isinstance(part, ast.Call) and part.args and getattr(part.args[0], "value", None) == written:
                part.args[0] = ast.copy_location(ast.Constant(wanted), part)
        return node

    return edit


def turned(number: int) -> Edit:
    """A layer whose two sizes are in the other order."""

    def ordered(sizes: list[list[ast.expr]]) -> list[list[ast.expr]]:
        return [pair[::-1] if place == number else pair for place, pair in enumerate(sizes)]

    return _with_sizes(ordered)


def exchanged(one: int, other: int) -> Edit:
    """Two layers in each other's place."""
    moved = {one: other, other: one}

    def ordered(sizes: list[list[ast.expr]]) -> list[list[ast.expr]]:
        # A network that is built in a loop has more layers than its text.
        known = max(moved) < len(sizes)
        return [sizes[moved.get(place, place)] for place in range(len(sizes))] if known else sizes

    return _with_sizes(ordered)


def mirrored(node: ast.AST) -> ast.AST:
    """A network from its last layer to its first, as a decoder is of an encoder."""
    return _with_sizes(lambda sizes: [pair[::-1] for pair in reversed(sizes)])(node)


def _with_sizes(ordered: Callable[[list[list[ast.expr]]], list[list[ast.expr]]]) -> Edit:
    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            layers = [one for one in ast.walk(node) if isinstance(one, ast.Call) and _is_dense(one)]
            layers.sort(key=lambda one: (one.lineno, one.col_offset))
            for layer, (wanted, given) in zip(layers, ordered([_sizes(one) for one in layers]), strict=True):
                layer.args = [wanted, given, *layer.args[2:]]
                layer.keywords = [one for one in layer.keywords if one.arg not in _SIZES]
        return node

    return edit


def _is_dense(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name == "Linear" and len(_sizes(call)) == len(_SIZES)


def _sizes(call: ast.Call) -> list[ast.expr]:
    by_name = {one.arg: one.value for one in call.keywords}
    return [*call.args[:2], *(by_name[name] for name in _SIZES if name in by_name)]
