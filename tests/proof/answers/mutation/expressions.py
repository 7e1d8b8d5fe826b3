"""Mutation operators on expressions: what might stand in an expression's place by mistake."""

import ast
import copy
from collections.abc import Iterator

from proof.answers.mutation.names import Names

WIDE = 100
OTHER_CALLS = {
    "relu": ("tanh", "sigmoid", "gelu", "leaky_relu", "softplus", "abs"),
    "sigmoid": ("tanh", "relu", "exp", "logsigmoid"),
    "exp": ("relu", "sigmoid", "abs", "exp2", "expm1"),
    "log": ("log2", "log10", "log1p", "exp", "sqrt"),
    "sum": ("mean", "amax", "std"),
    "randn_like": ("rand_like", "zeros_like", "ones_like"),
    "stack": ("cat", "vstack"),
    "Linear": ("Bilinear", "Identity"),
    "Adam": ("SGD", "RMSprop"),
    "linspace": ("geomspace", "arange"),
}
OTHER_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}


def other_number(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """Off by one, half, double, another sign: ``512`` → ``256``, ``0.5`` → ``1.0``."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return
    value = node.value
    if isinstance(value, int):
        near = (value + 1, value - 1) if abs(value) < WIDE else (value + 1, value // 2)
        yield from (ast.Constant(other) for other in near)
    elif isinstance(value, float) and value:
        yield from (ast.Constant(other) for other in (2 * value, value / 2, -value))


def other_variable(node: ast.AST, names: Names) -> Iterator[ast.AST]:
    """Another variable of the same function: ``x_hat`` → ``x``."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names.variables:
        yield from (ast.Name(other, ast.Load()) for other in names.variables if other != node.id)


def variable_cut_off(node: ast.AST, names: Names) -> Iterator[ast.AST]:
    """A variable without its graph: ``x - x_hat`` → ``x - x_hat.detach()``."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names.variables:
        yield ast.Call(ast.Attribute(node, "detach", ast.Load()), [], [])


def other_attribute(node: ast.AST, names: Names) -> Iterator[ast.AST]:
    """Another attribute of the object: ``self.linear2`` → ``self.linear1``."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in names.attributes:
        others = (other for other in names.attributes if other != node.attr)
        yield from (ast.Attribute(node.value, other, ast.Load()) for other in others)


def other_arithmetic(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """Plus for minus, times for over, a product for a power."""
    if isinstance(node, ast.BinOp):
        for other in OTHER_OPERATORS.get(type(node.op), ()):
            yield ast.BinOp(node.left, other(), node.right)


def half_left_out(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """One side of an operation: ``a + b`` → ``a`` or ``b``."""
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    if isinstance(node, ast.UnaryOp):
        yield node.operand


def sides_swapped(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """``a - b`` → ``b - a``; the first two arguments of a call the other way round."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.Pow):
        yield ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.Call) and len(node.args) > 1:
        first, second, *rest = node.args
        yield ast.Call(node.func, [second, first, *rest], node.keywords)


def call_left_out(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """What a call is given in place of what it makes of it: ``F.relu(x)`` → ``x``, ``x.sum()`` → ``x``."""
    if isinstance(node, ast.Call):
        if node.args:
            yield node.args[0]
        elif isinstance(node.func, ast.Attribute):
            yield node.func.value


def other_call(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """Another function of the same kind: ``relu`` → ``tanh``, ``sum`` → ``mean``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for other in OTHER_CALLS.get(node.func.attr, ()):
            yield ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, node.keywords)


def call_made_twice(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """``exp(x)`` → ``exp(exp(x))``."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        yield ast.Call(node.func, [copy.deepcopy(node)], [])


def argument_left_out(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """``flatten(x, start_dim=1)`` → ``flatten(x)``."""
    if isinstance(node, ast.Call):
        for left_out in node.keywords:
            yield ast.Call(node.func, node.args, [one for one in node.keywords if one is not left_out])
        if len(node.args) > 1:
            yield ast.Call(node.func, node.args[:-1], node.keywords)


def along_an_axis(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """A sum over one axis only: ``x.sum()`` → ``x.sum(0)``, ``x.sum(-1)``."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "sum"
        and not node.args
    ):
        yield from (ast.Call(node.func, [ast.Constant(axis)], []) for axis in (0, -1))
