"""Ways to mend a statement: each gives for a node of the code what stands in its place, and most nodes stay."""

import ast

from autograder.autoencoders.rewriting.definitions import Edit


def one_part(node: ast.AST) -> ast.AST:
    """What stands in brackets alone, or before a comma, in place of a list or a tuple of it."""
    is_alone = isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.Tuple))
    if isinstance(node, ast.Assign) and is_alone and len(node.value.elts) == 1:  # type: ignore[attr-defined]
        return ast.Assign(node.targets, node.value.elts[0])  # type: ignore[attr-defined]
    return node


def turned(node: ast.AST) -> ast.AST:
    """A loop's two names in the other order."""
    if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and len(node.target.elts) == 2:
        return _for(node, target=ast.Tuple(node.target.elts[::-1], ast.Store()))
    return node


def two_names(node: ast.AST) -> ast.AST:
    """A loop's first two names alone."""
    if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
        return _for(node, target=ast.Tuple(node.target.elts[:2], ast.Store()))
    return node


def counted(node: ast.AST) -> ast.AST:
    """A loop over as many numbers as the number says."""
    if isinstance(node, ast.For):
        return _for(node, iterated=ast.Call(ast.Name("range", ast.Load()), [node.iter], []))
    return node


def pair_in_brackets(node: ast.AST) -> ast.AST:
    """A number, and a pair in brackets, as ``enumerate`` gives them."""
    if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and len(node.target.elts) > 2:
        first, *others = node.target.elts
        return _for(node, target=ast.Tuple([first, ast.Tuple(others, ast.Store())], ast.Store()))
    return node


def first_of(name: str) -> Edit:
    """The first part of what a loop gives."""

    def edit(node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.For) or not any(
            isinstance(part, ast.Name) and part.id == name for part in ast.walk(node.target)
        ):
            return node
        part = ast.Subscript(ast.Name(name, ast.Load()), ast.Constant(0), ast.Load())
        taken = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], part), node)
        return _for(node, body=[taken, *node.body])

    return edit


def one_of(place: int, other: str) -> Edit:
    """One name that takes all that a call gives, and the others something else."""

    def edit(node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
            return node
        model = ast.unparse(node.value.func) if isinstance(node.value, ast.Call) else ""
        rest = ast.parse(other.format(model=model), mode="eval").body
        names = node.targets[0].elts
        if model and "model" in other and len(names) != 2:
            return node
        given = [node.value if number == place % len(names) else rest for number in range(len(names))]
        # The model is called before anything is asked of it.
        first = ast.Name("_given_back", ast.Store())
        values = [ast.Name("_given_back", ast.Load()) if one is node.value else one for one in given]
        together = ast.Tuple([ast.NamedExpr(first, node.value), *values], ast.Load())
        return ast.Assign([ast.Tuple([ast.Name("_", ast.Store()), *names], ast.Store())], together)

    return edit


def moved_down(line: int, name: str) -> Edit:
    """A line that stands behind the one that sets a name, and not before it."""

    def edit(node: ast.AST) -> ast.AST:
        body = getattr(node, "body", None)
        if not isinstance(node, ast.For) or not isinstance(body, list):
            return node
        early = [number for number, one in enumerate(body) if one.lineno == line and isinstance(one, ast.Expr)]
        sets = [number for number, one in enumerate(body) if _sets(one, name) and early and number > early[0]]
        if not sets:
            return node
        others = [one for number, one in enumerate(body) if number != early[0]]
        return _for(node, body=[*others[: sets[0]], body[early[0]], *others[sets[0] :]])

    return edit


def with_first_line(line: str) -> Edit:
    """A line at the beginning of a function."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and node.col_offset == 0:
            first = ast.copy_location(ast.parse(line).body[0], node.body[0])
            node.body = [first, *node.body]
        return node

    return edit


def not_in_place(node: ast.AST) -> ast.AST:
    """A new value in place of one that is changed."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return ast.Assign([node.target], ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value))
    return node


def of_its_data(node: ast.AST) -> ast.AST:
    """What a parameter holds, changed in place of the parameter."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        held = ast.Attribute(ast.Name(node.target.id, ast.Load()), "data", ast.Store())
        return ast.AugAssign(held, node.op, node.value)
    return node


def left_out(node: ast.AST) -> ast.AST:
    """Nothing in place of a line that only says or counts something."""
    asked = {getattr(part, "attr", "") for part in ast.walk(node)} if isinstance(node, ast.stmt) else set()
    is_kept = isinstance(node, ast.Assign) and all(isinstance(target, ast.Subscript) for target in node.targets)
    is_aside = is_kept or isinstance(node, (ast.Expr, ast.AugAssign, ast.If))
    return ast.Pass() if is_aside and not asked & {"backward", "step"} else node


def _sets(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Assign) and any(
        isinstance(part, ast.Name) and part.id == name for target in statement.targets for part in ast.walk(target)
    )


def _for(
    node: ast.For,
    target: ast.expr | None = None,
    iterated: ast.expr | None = None,
    body: list[ast.stmt] | None = None,
) -> ast.For:
    return ast.For(target or node.target, iterated or node.iter, body or node.body, node.orelse)
