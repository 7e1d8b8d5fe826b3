"""Ways to mend a method that makes a number and does not keep it: each gives for a node what stands in its place."""

import ast
from collections.abc import Callable, Iterable

from autograder.autoencoders.rewriting.definitions import Edit

_Block = list[ast.stmt]


def kept_at_the_end(method: str, attribute: str, expression: str) -> Edit:
    """A method that keeps the value of an expression in the object, before it hands anything back."""
    return _of_method(method, lambda function: _before_returns(function, lambda _: expression, attribute))


def part_kept(method: str, attribute: str, place: int) -> Edit:
    """A method that keeps one part of what it hands back in the object."""

    def expression(returned: ast.Return) -> str:
        assert returned.value is not None
        return f"({ast.unparse(returned.value)})[{place}]"

    return _of_method(method, lambda function: _before_returns(function, expression, attribute))


def thrown_away_kept(method: str, attribute: str) -> Edit:
    """A method that keeps what it computes, prints or compares, and throws away."""

    def edit(function: ast.FunctionDef) -> None:
        for holder in [one for one in _own_nodes(function) if isinstance(getattr(one, "body", None), list)]:
            block: _Block = holder.body  # type: ignore[attr-defined]
            for number, statement in enumerate(block):
                if (value := _thrown_away(statement)) is not None:
                    block[number] = _assignment(function, attribute, ast.unparse(value), statement)

    return _of_method(method, edit)


def return_moved_down(method: str) -> Edit:
    """A method whose lines after ``return`` come before it."""

    def edit(function: ast.FunctionDef) -> None:
        returns = [one for one in function.body if isinstance(one, ast.Return)]
        if returns and returns[0] is not function.body[-1]:
            function.body = [*(one for one in function.body if one not in returns), returns[0]]

    return _of_method(method, edit)


def as_evaluated(method: str) -> Edit:
    """A method that takes its object for one in evaluation mode."""

    def edit(node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.FunctionDef) or node.name != method:
            return node
        made: ast.AST = _Evaluated().visit(node)
        return made

    return edit


class _Evaluated(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        is_mode = node.attr == "training" and isinstance(node.ctx, ast.Load)
        return ast.copy_location(ast.Constant(False), node) if is_mode else node


def _of_method(method: str, change: Callable[[ast.FunctionDef], None]) -> Edit:
    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and node.name == method and node.args.args:
            change(node)
        return node

    return edit


def _before_returns(function: ast.FunctionDef, expression: Callable[[ast.Return], str], attribute: str) -> None:
    for block in list(_blocks(function)):
        for returned in [one for one in block if isinstance(one, ast.Return) and one.value is not None]:
            kept = _assignment(function, attribute, expression(returned), returned)
            block.insert(block.index(returned), kept)


def _blocks(function: ast.FunctionDef) -> Iterable[_Block]:
    """The function's own statements, and those of the statements among them."""
    for node in _own_nodes(function):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(block := getattr(node, name, None), list):
                yield block


def _own_nodes(function: ast.FunctionDef) -> Iterable[ast.AST]:
    """The function and all that is in it, but not what is in functions of its own."""
    yield function
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            yield node
            waiting += ast.iter_child_nodes(node)


def _thrown_away(statement: ast.stmt) -> ast.expr | None:
    """The value that a statement makes and does not keep; texts are none."""
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return statement.annotation  # a colon where `=` belongs
    if not isinstance(statement, ast.Expr):
        return None
    value = statement.value
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "print":
        return value.args[-1] if value.args else None
    if isinstance(value, ast.Compare) and len(value.ops) == 1 and isinstance(value.ops[0], ast.Eq):
        return value.comparators[0]
    return value if isinstance(value, (ast.Call, ast.BinOp, ast.UnaryOp)) else None


def _assignment(function: ast.FunctionDef, attribute: str, expression: str, at: ast.stmt) -> ast.stmt:
    owner = function.args.args[0].arg
    made = ast.parse(f"{owner}.{attribute} = {expression}").body[0]
    for node in ast.walk(made):
        ast.copy_location(node, at)
    return made
