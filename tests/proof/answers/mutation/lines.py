"""Mutation operators on lines: left out, twice, in another place, or with a value that is cut off."""

import ast
import copy
from collections.abc import Iterator

from proof.answers.mutation.names import Names


def cut_off(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """A value without its graph, or a plain number: ``y = f(x)`` → ``y = f(x).detach()``, ``y = f(x).item()``."""
    if isinstance(node, ast.Assign | ast.Return) and node.value is not None:
        for method in ("detach", "item"):
            changed = copy.deepcopy(node)
            changed.value = ast.Call(ast.Attribute(node.value, method, ast.Load()), [], [])
            yield changed


def line_left_out(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """A statement that is not there."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return) and not _is_text(node):
        yield ast.Pass()


def line_twice(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """A statement that is there twice."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr) and not _is_text(node):
        yield ast.If(ast.Constant(True), [node, copy.deepcopy(node)], [])


def other_assignment(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """``+=`` → ``=``, and the other way round."""
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        yield ast.AugAssign(node.targets[0], ast.Add(), node.value)


def loop_cut_short(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """A loop that is left after its first round, or never goes round."""
    if isinstance(node, ast.For):
        yield ast.For(node.target, node.iter, [*node.body, ast.Break()], [])
        yield ast.For(node.target, node.iter, [ast.Break()], [])


def lines_swapped(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """Two lines that follow each other, the other way round."""
    if isinstance(node, ast.FunctionDef | ast.For):
        for index in range(len(node.body) - 1):
            body = list(node.body)
            body[index], body[index + 1] = body[index + 1], body[index]
            changed = copy.copy(node)
            changed.body = body
            yield changed


def moved_into_the_loop(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """What follows a loop, done in each of its rounds; what comes before it, done in each one."""
    if not isinstance(node, ast.FunctionDef | ast.For):
        return
    for index, line in enumerate(node.body):
        if not isinstance(line, ast.For):
            continue
        before, after = node.body[:index], node.body[index + 1 :]
        if after:
            yield _with_body(node, [*before, ast.For(line.target, line.iter, [*line.body, *after], [])])
        if before:
            yield _with_body(
                node, [*before[:-1], ast.For(line.target, line.iter, [before[-1], *line.body], []), *after]
            )


def moved_out_of_the_loop(node: ast.AST, _names: Names) -> Iterator[ast.AST]:
    """The last line of a loop, done once after it; the first one, done once before it."""
    if not isinstance(node, ast.FunctionDef | ast.For):
        return
    for index, line in enumerate(node.body):
        if isinstance(line, ast.For) and len(line.body) > 1:
            before, after = node.body[:index], node.body[index + 1 :]
            shorter = ast.For(line.target, line.iter, line.body[:-1], [])
            yield _with_body(node, [*before, shorter, line.body[-1], *after])
            shorter = ast.For(line.target, line.iter, line.body[1:], [])
            yield _with_body(node, [*before, line.body[0], shorter, *after])


def _with_body(node: ast.FunctionDef | ast.For, body: list[ast.stmt]) -> ast.AST:
    changed = copy.copy(node)
    changed.body = body
    return changed


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
