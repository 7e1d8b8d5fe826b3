"""Ways to mend how one layer's output is split in two: within each image in place of between the images."""

import ast

from autograder.autoencoders.rewriting.definitions import Edit

_SPLITTING = ("chunk", "split", "unbind", "tensor_split", "split_with_sizes", "unsafe_chunk", "unsafe_split", "hsplit")


def halved(node: ast.AST) -> ast.AST:
    """Two halves of each image's numbers for two names, however the tensor was to be taken apart."""
    is_pair = isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List))
    if not isinstance(node, ast.Assign) or not is_pair or len(node.targets[0].elts) != 2:  # type: ignore[attr-defined]
        return node
    return node if isinstance(node.value, ast.Tuple) else ast.Assign(node.targets, _halves(_whole(node.value)))


def cut(node: ast.AST) -> ast.AST:
    """The first numbers of each image, or the others, in place of the first images, or the others."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return node
    if not isinstance(node.slice, ast.Slice):
        return node
    return ast.Subscript(node.value, ast.Tuple([ast.Slice(), node.slice], ast.Load()), node.ctx)


def taken_from(name: str) -> Edit:
    """The first or the second half of each image's numbers in place of the first or the second image."""

    def edit(node: ast.AST) -> ast.AST:
        is_of_it = isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == name
        if not is_of_it or not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Constant):
            return node
        return ast.Subscript(_halves(node.value), node.slice, node.ctx)

    return edit


def _halves(whole: ast.expr) -> ast.expr:
    # Of rows, or of rows of two rows each: a view that would have been taken apart in another place.
    rows = ast.Call(ast.Attribute(whole, "flatten", ast.Load()), [ast.Constant(1)], [])
    return ast.Call(ast.Attribute(rows, "chunk", ast.Load()), [ast.Constant(2), ast.Constant(1)], [])


def _whole(value: ast.expr) -> ast.expr:
    """What a call takes apart; what is unpacked as it is."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return value
    if value.func.attr not in _SPLITTING:
        return value
    owner = value.func.value
    return value.args[0] if isinstance(owner, ast.Name) and owner.id == "torch" and value.args else owner
