"""Ways to mend code that takes NumPy's, or Python's, functions for torch's: each gives what stands for a node."""

import ast

import torch

from autograder.autoencoders.rewriting.edits.expressions import OTHER_LIBRARIES

_LARGER, _SMALLER = ("max", "maximum", "fmax", "amax"), ("min", "minimum", "fmin", "amin")
_OTHER_NAMES = {"dot": "matmul", "power": "pow"}
# What makes an array of numbers, or a tensor of an array.
_MAKING = ("array", "asarray", "tensor", "as_tensor", "from_numpy", "Tensor", "FloatTensor")


def as_torch(node: ast.AST) -> ast.AST:
    """What torch has for a call of NumPy's, and tensors as they are where they would be made arrays and back."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or _draws(node):
        return node
    owner, name = node.func.value, node.func.attr
    if name == "numpy" and not node.args:
        return owner
    library = owner.id if isinstance(owner, ast.Name) else ""
    if library not in (*OTHER_LIBRARIES, "torch") or not node.args or all(map(_is_number, node.args)):
        return node
    if name in _MAKING:
        return node.args[0] if isinstance(node.args[0], (ast.Name, ast.Call)) else node
    if (compared := compared_with_number(node)) is not node:
        return compared
    known = _OTHER_NAMES.get(name, name)
    if not hasattr(torch, known):
        return node
    return ast.Call(ast.Attribute(ast.Name("torch", ast.Load()), known, ast.Load()), node.args, node.keywords)


def compared_with_number(node: ast.AST) -> ast.AST:
    """A tensor held at a number, where the larger or the smaller of the two is asked for."""
    if not isinstance(node, ast.Call) or node.keywords:
        return node
    is_method = isinstance(node.func, ast.Attribute) and not _is_library(node.func.value)
    given = [node.func.value, *node.args] if is_method else node.args  # type: ignore[attr-defined]
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    numbers = [one for one in given if _is_number(one)]
    others = [one for one in given if not _is_number(one)]
    if name not in (*_LARGER, *_SMALLER) or len(numbers) != 1 or len(others) != 1:
        return node
    end = ast.keyword("min" if name in _LARGER else "max", numbers[0])
    return ast.Call(ast.Attribute(others[0], "clamp", ast.Load()), [], [end])


def drawn_as_tensors(node: ast.AST) -> ast.AST:
    """A tensor of what NumPy draws."""
    if not isinstance(node, ast.Call) or not _draws(node.func):
        return node
    made = ast.parse("torch.as_tensor(_, dtype=torch.float32)", mode="eval").body
    made.args = [node]  # type: ignore[attr-defined]
    return made


def _draws(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "random" for part in ast.walk(node))


def _is_library(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in (*OTHER_LIBRARIES, "torch")


def _is_number(node: ast.AST) -> bool:
    value = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(value, ast.Constant) and isinstance(value.value, (int, float))
