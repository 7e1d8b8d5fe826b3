"""Ways to mend an expression: each gives for a node of the code what stands in its place, and most nodes stay."""

import ast
import re

from autograder.autoencoders.rewriting.definitions import Edit

# Those with functions that torch has under the same name.
OTHER_LIBRARIES = ("np", "numpy", "math", "jnp", "cp", "K")


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


def keyword_left_out(name: str) -> Edit:
    """A call without one of its options."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Call) and any(one.arg == name for one in node.keywords):
            return ast.Call(node.func, node.args, [one for one in node.keywords if one.arg != name])
        return node

    return edit


def attribute_taken_from(name: str, path: str) -> Edit:
    """What another module has under that name."""
    return lambda node: (
        ast.parse(path, mode="eval").body if isinstance(node, ast.Attribute) and node.attr == name else node
    )


def attribute_alone(owner: str, name: str) -> Edit:
    """What stands behind a dot, as a name of its own."""

    def edit(node: ast.AST) -> ast.AST:
        is_of_owner = isinstance(node, ast.Attribute) and node.attr == name and getattr(node.value, "id", "") == owner
        return ast.Name(name, node.ctx) if is_of_owner else node  # type: ignore[attr-defined]

    return edit


def text_changed(old: str, new: str) -> Edit:
    """Another text between quotes."""
    return lambda node: ast.Constant(new) if isinstance(node, ast.Constant) and node.value == old else node


def option_in_quotes(name: str) -> Edit:
    """The name of a reduction as a text."""
    return lambda node: (
        ast.keyword("reduction", ast.Constant(name))
        if isinstance(node, ast.keyword) and node.arg == "reduction" and getattr(node.value, "id", "") == name
        else node
    )


def made_first(name: str) -> Edit:
    """An object of a class that a name stands for, in place of the class itself."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
            return ast.Call(ast.Call(node.func, [], []), node.args, node.keywords)
        return node

    return edit


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


def called_itself(method: str) -> Edit:
    """What a method is looked for in, called with what that was to be given."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            return ast.Call(node.func.value, node.args, node.keywords)
        return node

    return edit


def factor_left_out(name: str) -> Edit:
    """A product or a quotient without one of its factors."""

    def edit(node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Mult, ast.Div)):
            return node
        if getattr(node.right, "id", "") == name:
            return node.left
        return node.right if isinstance(node.op, ast.Mult) and getattr(node.left, "id", "") == name else node

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


def power(text: str) -> Edit:
    """Powers in place of what compares bits: as text, since a power binds more closely.

    Args:
        text: the cell's, in which brackets are seen that the code's tree has not kept.
    """

    def edit(node: ast.AST) -> ast.AST:
        is_plain = isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr))
        if not is_plain or not any(_is_operation(part, ast.BitXor) for part in ast.walk(node)):
            return node
        written = ast.get_source_segment(text, node) or ast.unparse(node)
        made = ast.parse(written.replace("^", "**")).body[0]
        for part in ast.walk(made):
            ast.copy_location(part, node)
        return made

    return edit


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


def in_a_column(node: ast.AST) -> ast.AST:
    """Evenly spaced numbers, each in a row of its own."""
    if not isinstance(node, ast.Call) or _last_name(node.func) not in ("linspace", "arange"):
        return node
    shape = [ast.UnaryOp(ast.USub(), ast.Constant(1)), ast.Constant(1)]
    return ast.Call(ast.Attribute(node, "reshape", ast.Load()), shape, [])


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


def of_positive_scale(node: ast.AST) -> ast.AST:
    """The exponential of the second of two parameters that a normal law is given."""
    if isinstance(node, ast.Call) and _last_name(node.func) in ("Normal", "normal"):
        for given in (one for one in node.keywords if one.arg in ("scale", "std")):
            given.value = _exponential(given.value)
            return ast.Call(node.func, node.args, list(node.keywords))
        if len(node.args) > 1:
            first, second, *others = node.args
            return ast.Call(node.func, [first, _exponential(second), *others], node.keywords)
    return node


def listed(node: ast.AST) -> ast.AST:
    """A list made of what is asked for one of its parts."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return ast.Subscript(ast.Call(ast.Name("list", ast.Load()), [node.value], []), node.slice, node.ctx)
    return node


def _shaped_as(first: ast.expr, second: ast.expr) -> ast.expr:
    shape = ast.Attribute(second, "shape", ast.Load())
    return ast.Call(ast.Attribute(first, "reshape", ast.Load()), [shape], [])


def _exponential(of: ast.expr) -> ast.expr:
    """Its exponential, where it is no number as it stands there."""
    if isinstance(of, ast.Constant):
        return of
    return ast.Call(ast.Attribute(ast.Name("torch", ast.Load()), "exp", ast.Load()), [of], [])


def _is_operation(node: ast.AST, operation: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, operation)


def _last_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
