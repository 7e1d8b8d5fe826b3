"""Ways to mend a class: each gives for a node of its text what stands in its place, and most nodes stay."""

import ast

from autograder.autoencoders.rewriting.definitions import Edit


def method_renamed(old: str, new: str) -> Edit:
    """A method of another name."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and node.name == old:
            node.name = new
        return node

    return edit


def with_self(method: str) -> Edit:
    """A method whose first argument is the object."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and node.name == method:
            given = [one.arg for one in node.args.args]
            node.args.args = node.args.args if given[:1] == ["self"] else [_argument("self", node), *node.args.args]
        return node

    return edit


def with_latent_dims(node: ast.AST) -> ast.AST:
    """A constructor that takes the latent size, too."""
    if isinstance(node, ast.FunctionDef) and node.name == "__init__":
        node.args.args = [*node.args.args, _argument("latent_dims", node)]
    return node


def built_in_forward(node: ast.AST) -> ast.AST:
    """Layers' classes that ``forward`` calls with data, built first."""
    if isinstance(node, ast.FunctionDef) and node.name == "forward":
        for part in [one for one in ast.walk(node) if isinstance(one, ast.Call)]:
            if part.args and getattr(part.func, "attr", "")[:1].isupper():
                part.func = ast.copy_location(ast.Call(part.func, [], []), part)
    return node


def given_back(node: ast.AST) -> ast.AST:
    """A ``forward`` that gives back what its last line makes, or the last value that it has a name for."""
    if not isinstance(node, ast.FunctionDef) or node.name != "forward":
        return node
    last = node.body[-1]
    if isinstance(last, ast.Expr) and not _prints(last.value):
        node.body[-1] = ast.copy_location(ast.Return(last.value), last)
        return node
    assigned = (target for line in reversed(node.body) for target in _targets(line))
    name = next((target.id for target in assigned if isinstance(target, ast.Name)), None)
    if name is not None:
        rest = node.body[:-1] if isinstance(last, ast.Return) else node.body
        node.body = [*rest, ast.copy_location(ast.Return(ast.copy_location(ast.Name(name, ast.Load()), last)), last)]
    return node


def _prints(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print"


def _targets(line: ast.stmt) -> list[ast.expr]:
    if isinstance(line, ast.Assign):
        return line.targets
    return [line.target] if isinstance(line, (ast.AugAssign, ast.AnnAssign)) else []


def of_module(node: ast.AST) -> ast.AST:
    """A class that is a network."""
    if isinstance(node, ast.ClassDef) and not node.bases:
        node.bases = [ast.copy_location(ast.parse("nn.Module", mode="eval").body, node)]
    return node


def moved_out(node: ast.AST) -> ast.AST:
    """A method in the class, not in its constructor."""
    if not isinstance(node, ast.ClassDef):
        return node
    for constructor in [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]:
        inner = [one for one in constructor.body if isinstance(one, ast.FunctionDef)]
        constructor.body = [one for one in constructor.body if one not in inner] or [ast.Pass()]
        node.body = [*node.body, *inner]
    return node


def taken_in(text: str) -> Edit:
    """A class that has for methods the functions of the cell, whose text is given, which begin with the object."""
    outside = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and _begins_with_self(one)]

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.ClassDef):
            node.body = [*node.body, *outside]
        return node

    return edit


def made(name: str, text: str) -> Edit:
    """A constructor that makes something of that name, last of all; in the text, ``_`` is the latent size."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__" and len(node.args.args) > 1:
            latent_dims = node.args.args[1].arg
            last = ast.parse(f"self.{name} = {text.replace('_', latent_dims)}").body[0]
            for part in ast.walk(last):
                ast.copy_location(part, node.body[-1])
            node.body = [*node.body, last]
        return node

    return edit


def of_the_object(name: str) -> Edit:
    """An attribute in place of a variable, wherever that is."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name) and node.id == name:
            return ast.Attribute(ast.Name("self", ast.Load()), name, node.ctx)
        return node

    return edit


def kept(name: str) -> Edit:
    """An argument of the constructor that is kept in the object."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            kept = ast.copy_location(ast.parse(f"self.{name} = {name}").body[0], node.body[0])
            node.body = [kept, *node.body]
        return node

    return edit


def begun(node: ast.AST) -> ast.AST:
    """A constructor that begins with its parent's."""
    if isinstance(node, ast.FunctionDef) and node.name == "__init__":
        first = ast.copy_location(ast.parse("super().__init__()").body[0], node.body[0])
        node.body = [first, *(one for one in node.body if not _is_of_parent(one))]
    return node


def _is_of_parent(statement: ast.stmt) -> bool:
    text = ast.unparse(statement)
    return isinstance(statement, ast.Expr) and ("super" in text or "Super" in text or "Module" in text)


def of_layers(name: str) -> Edit:
    """A layer of ``torch.nn`` that was looked for elsewhere."""
    return lambda node: (
        ast.Attribute(ast.Name("nn", ast.Load()), name, node.ctx)
        if isinstance(node, ast.Attribute) and node.attr == name
        else node
    )


def of_the_method(name: str) -> Edit:
    """A variable in place of an attribute."""

    def edit(node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Attribute) and node.attr == name and getattr(node.value, "id", "") == "self":
            return ast.Name(name, node.ctx)
        return node

    return edit


def with_a_dot(node: ast.AST) -> ast.AST:
    """An attribute of the object, where a comma stands in place of its dot."""
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if not isinstance(node, ast.Assign) or not isinstance(target, ast.Tuple) or len(target.elts) != 2:
        return node
    owner, attribute = target.elts
    if not isinstance(owner, ast.Name) or not isinstance(attribute, ast.Name) or owner.id != "self":
        return node
    return ast.Assign([ast.Attribute(ast.Name("self", ast.Load()), attribute.id, ast.Store())], node.value)


def by_shape(node: ast.AST) -> ast.AST:
    """A tensor's shape where the tensor stands."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("randn", "sample", "rsample", "zeros", "ones"):
        shape = [ast.Attribute(one, "shape", ast.Load()) for one in node.args[:1]]
        return ast.Call(node.func, [*shape, *node.args[1:]], node.keywords)
    return node


def one_by_one(node: ast.AST) -> ast.AST:
    """The parts of a list in place of the list."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.args[0], ast.List):
        return ast.Call(node.func, node.args[0].elts, node.keywords)
    return node


def as_rows(node: ast.AST) -> ast.AST:
    """Each image as one row, where something is given another shape."""
    is_row = getattr(getattr(node, "func", None), "attr", "") == "flatten" and _holds(node, 1)
    if (given := _reshaped(node)) is None or is_row:
        return node
    return ast.Call(ast.Attribute(given, "flatten", ast.Load()), [ast.Constant(1)], [])


def as_images(node: ast.AST) -> ast.AST:
    """Each row as one image, where something is given the shape of images."""
    if (given := _reshaped(node)) is None or not _holds(node, 28):
        return node
    shape: list[ast.expr] = [ast.Constant(size) for size in (-1, 1, 28, 28)]
    return ast.Call(ast.Attribute(given, "reshape", ast.Load()), shape, [])


def for_any_batch(node: ast.AST) -> ast.AST:
    """A shape whose first size is what is left."""
    if _reshaped(node) is None or not isinstance(node, ast.Call) or not node.args:
        return node
    sizes = node.args[0].elts if isinstance(node.args[0], ast.Tuple) else node.args
    # As many as are left are asked for by a minus, which makes it an operation.
    if not sizes or not isinstance(sizes[0], (ast.Constant, ast.Name)):
        return node
    return ast.Call(node.func, [ast.Constant(-1), *sizes[1:]], node.keywords)


def _reshaped(node: ast.AST) -> ast.expr | None:
    """What a node gives another shape, if it does."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if not is_call or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr not in ("view", "reshape", "flatten"):
        return None
    owner = node.func.value
    is_torchs = isinstance(owner, ast.Name) and owner.id == "torch"
    return (node.args[0] if node.args else None) if is_torchs else owner


def _begins_with_self(function: ast.FunctionDef) -> bool:
    return [one.arg for one in function.args.args][:1] == ["self"]


def _holds(node: ast.AST, number: int) -> bool:
    return any(isinstance(part, ast.Constant) and part.value == number for part in ast.walk(node))


def _argument(name: str, node: ast.AST) -> ast.arg:
    return ast.copy_location(ast.arg(name), node)
