"""Ways to mend a line: each gives for a node of the code what stands in its place, and most nodes stay."""

import ast
import re
from collections.abc import Callable

Edit = Callable[[ast.AST], ast.AST]

# Those with functions that torch has under the same name.
OTHER_LIBRARIES = ("np", "numpy", "math")


def renamed(old: str, new: str) -> Edit:
    """Another name, which may have dots."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name) and node.id == old and (isinstance(node.ctx, ast.Load) or new.isidentifier()):
            return ast.Name(new, node.ctx) if new.isidentifier() else ast.parse(new, mode="eval").body
        return node

    return edit


def renamed_where_read(old: str, new: str) -> Edit:
    """Another name where its value is asked for, and the old one where it is set."""
    return lambda node: (
        ast.Name(new, node.ctx)
        if isinstance(node, ast.Name) and node.id == old and isinstance(node.ctx, ast.Load)
        else node
    )


def attribute_renamed(old: str, new: str) -> Edit:
    """Another name behind a dot."""
    return lambda node: (
        ast.Attribute(node.value, new, node.ctx) if isinstance(node, ast.Attribute) and node.attr == old else node
    )


def keyword_renamed(old: str, new: str) -> Edit:
    """Another name of an option."""
    return lambda node: ast.keyword(new, node.value) if isinstance(node, ast.keyword) and node.arg == old else node


def text_changed(old: str, new: str) -> Edit:
    """Another text between quotes."""
    return lambda node: ast.Constant(new) if isinstance(node, ast.Constant) and node.value == old else node


def called(attribute: str) -> Edit:
    """Brackets behind a name that has none."""

    def edit(node: ast.AST) -> ast.AST:
        bare = isinstance(node, ast.Attribute) and node.attr == attribute and not hasattr(node, "is_called")
        return ast.Call(node, [], []) if bare else node  # type: ignore[arg-type]

    return edit


def not_called(attribute: str) -> Edit:
    """No brackets behind a name; where something stands between them, a product."""

    def edit(node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.Call) or _last_name(node.func) != attribute:
            return node
        return ast.BinOp(node.func, ast.Mult(), node.args[0]) if node.args else node.func

    return edit


def method_left_out(*methods: str) -> Edit:
    """What a method is called of, in place of the call."""

    def edit(node: ast.AST) -> ast.AST:
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods
        return node.func.value if is_call else node  # type: ignore[attr-defined]

    return edit


def first_argument_for(function: str) -> Edit:
    """What a function is given first, in place of the call."""

    def edit(node: ast.AST) -> ast.AST:
        is_call = isinstance(node, ast.Call) and _last_name(node.func) == function and node.args
        return node.args[0] if is_call else node  # type: ignore[attr-defined]

    return edit


def fewer_arguments(function: str, kept: int) -> Edit:
    """A call with its first arguments only."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Call) and _last_name(node.func) == function and len(node.args) > kept:
            return ast.Call(node.func, node.args[:kept], [])
        return node

    return edit


def power(node: ast.AST) -> ast.AST:
    """Powers in place of what compares bits: as text, since a power binds more closely."""
    if not isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)):
        return node
    if not any(_is_operation(part, ast.BitXor) for part in ast.walk(node)):
        return node
    made = ast.parse(ast.unparse(node).replace(" ^ ", " ** ")).body[0]
    for part in ast.walk(made):
        ast.copy_location(part, node)
    return made


def of_torch(node: ast.AST) -> ast.AST:
    """Torch's functions in place of those of the same name, and tensors as they are."""
    if isinstance(node, ast.Name) and node.id in OTHER_LIBRARIES:
        return ast.Name("torch", node.ctx)
    return method_left_out("numpy")(node)


def made_alike(node: ast.AST) -> ast.AST:
    """The first of two things that are compared, in the shape of the second."""
    if _is_operation(node, ast.Sub):
        return ast.BinOp(_shaped_as(node.left, node.right), ast.Sub(), node.right)  # type: ignore[attr-defined]
    is_loss = isinstance(node, ast.Call) and (
        isinstance(node.func, ast.Call) or re.search(r"loss|mse|criter", _last_name(node.func), re.IGNORECASE)
    )
    if isinstance(node, ast.Call) and is_loss and len(node.args) > 1:
        first, second, *others = node.args
        return ast.Call(node.func, [_shaped_as(first, second), second, *others], node.keywords)
    return node


def built_first(node: ast.AST) -> ast.AST:
    """A class that is given its options, and its object that is given the data."""
    if isinstance(node, ast.Call) and node.args and _last_name(node.func)[:1].isupper():
        return ast.Call(ast.Call(node.func, [], node.keywords), node.args, [])
    return node


def on_the_processor(node: ast.AST) -> ast.AST:
    """No graphics card asked for by name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("cuda"):
        return ast.Constant("cpu")
    return method_left_out("cuda")(node)


def counted(node: ast.AST) -> ast.AST:
    """A loop over as many numbers as the number says."""
    if isinstance(node, ast.For):
        return _for(node, iterated=ast.Call(ast.Name("range", ast.Load()), [node.iter], []))
    return node


def listed(node: ast.AST) -> ast.AST:
    """A list made of what is asked for one of its parts."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return ast.Subscript(ast.Call(ast.Name("list", ast.Load()), [node.value], []), node.slice, node.ctx)
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
    is_aside = is_kept or isinstance(node, (ast.Expr, ast.AugAssign))
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


def _shaped_as(first: ast.expr, second: ast.expr) -> ast.expr:
    shape = ast.Attribute(second, "shape", ast.Load())
    return ast.Call(ast.Attribute(first, "reshape", ast.Load()), [shape], [])


def _is_operation(node: ast.AST, operation: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, operation)


def _last_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
