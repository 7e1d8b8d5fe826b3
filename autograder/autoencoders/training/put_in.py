"""What may stand in place of a line of the loss that stops and that nothing mends, so that the rest can be judged.

What is put in is right, and says nothing of what was meant: the part of the loss that it is lost.
"""

import ast
from collections.abc import Iterator

from torch import Tensor, nn

from autograder.autoencoders.rewriting.definitions import Edit, Place, Rewriting, nodes_at
from autograder.autoencoders.rewriting.edits.statements import one_of
from autograder.autoencoders.training.slips import BOTH, ERROR, KL

# What says nothing, for that which the student's own KL is made of; and for a method that gives it.
_ZERO, _ZERO_OF_ANY = "torch.zeros(1)", "(lambda *given: torch.zeros(1))"


def put_in(error: BaseException, place: Place) -> Iterator[Rewriting]:
    """What may be put in, the least first.

    Args:
        error: what stopped it.
        place: where.
    """
    kl = next((f"{name}.encoder.kl" for name, value in place.variables.items() if _keeps_kl(value)), "")
    unknown = error.name if isinstance(error, NameError) else None
    if unknown is not None and any(_calls(node, unknown) for node in nodes_at(place)):
        yield Rewriting(_compared(unknown, ""), place.lines, ERROR, is_bold=True)
        if kl:
            yield Rewriting(_compared(unknown, f" + {kl}"), place.lines, BOTH, is_bold=True)
    if kl and "to unpack" in str(error):
        yield from (Rewriting(one_of(number, _ZERO), place.lines, KL) for number in (0, -1))
    asked = error.name if isinstance(error, AttributeError) and isinstance(error.obj, nn.Module) else None
    if kl and asked and asked != "kl":
        yield from (Rewriting(_set_in(asked, nothing), place.lines, KL) for nothing in (_ZERO, _ZERO_OF_ANY))
    squared = _squared(place)
    if squared:
        yield Rewriting(_set_to(squared), place.lines, ERROR, is_bold=True)
    if kl:
        yield Rewriting(_set_to(kl), place.lines, KL, is_bold=True)
    if squared and kl:
        yield Rewriting(_set_to(f"{squared} + {kl}"), place.lines, BOTH, is_bold=True)


def _keeps_kl(value: object) -> bool:
    encoder = getattr(value, "encoder", None) if isinstance(value, nn.Module) else None
    return isinstance(encoder, nn.Module) and hasattr(encoder, "kl")


def _squared(place: Place) -> str:
    """The squared error between the images and the reconstruction that there are by then; empty where they are not."""
    tensors = {name: value for name, value in place.variables.items() if isinstance(value, Tensor)}
    images = [name for name, value in tensors.items() if value.dim() > 1 and not value.requires_grad]
    for painted, value in reversed(tensors.items()):
        alike = [name for name in images if tensors[name].numel() == value.numel()]
        if value.requires_grad and alike:
            return f"(({painted}.reshape({alike[0]}.shape) - {alike[0]}) ** 2).sum()"
    return ""


def _calls(node: ast.AST, name: str) -> bool:
    """Whether an unknown function is given two things to compare, or their difference."""
    if not isinstance(node, ast.Call) or _first_name(node.func) != name or not node.args:
        return False
    first = node.args[0]
    return len(node.args) > 1 or (isinstance(first, ast.BinOp) and isinstance(first.op, ast.Sub))


def _first_name(function: ast.expr) -> str:
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else ""


def _set_in(attribute: str, text: str) -> Edit:
    """Another value for what an object is thought to have."""

    def edit(node: ast.AST) -> ast.AST:
        is_meant = isinstance(node, ast.Attribute) and node.attr == attribute
        return ast.parse(text, mode="eval").body if is_meant else node

    return edit


def _compared(name: str, rest: str) -> Edit:
    """The squared difference of the first two things that an unknown function is given, or the square of the one."""

    def edit(node: ast.AST) -> ast.AST:
        if not _calls(node, name) or not isinstance(node, ast.Call):
            return node
        difference = " - ".join(ast.unparse(one) for one in node.args[:2])
        return ast.parse(f"((({difference}) ** 2).sum(){rest})", mode="eval").body

    return edit


def _set_to(text: str) -> Edit:
    """Another value for what a line gives a name to."""

    def edit(node: ast.AST) -> ast.AST:
        is_plain = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if not is_plain or not isinstance(node, ast.Assign):
            return node
        return ast.Assign(node.targets, ast.parse(text, mode="eval").body)

    return edit
