"""What may have been meant by something of the object that ``forward`` uses and ``__init__`` has not made."""

import ast
import re
from collections.abc import Iterator, Sequence
from types import FunctionType

from torch import Tensor, nn

from autograder.autoencoders.rewriting.definitions import Place, Rewriting, nodes_at
from autograder.autoencoders.rewriting.edits import classes, expressions

# What mends it makes something of its own, of which nothing is to be said.
NEVER_MADE = "never-made"
_WITHOUT_OPTIONS = ("ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus", "Flatten")
# Nothing is to be said of a normalisation or a dropout that is not there.
_ALIKE = ((re.compile(r"act|nonlin"), "ReLU"), (re.compile(r"bn|batchn|norm|ln$|layern|drop"), "Identity"))


def of_what_lacks(name: str, place: Place) -> Iterator[Rewriting]:
    """Layers of another name that are not used, and then what might have been made under that name.

    Where nothing with weights is made at all, there would be nothing of the student's to look at.
    """
    built = place.variables.get("self")
    if not isinstance(built, nn.Module) or next(built.parameters(), None) is None:
        return
    nodes = list(nodes_at(place))
    asked_for = [one for one in nodes if isinstance(one, ast.Attribute) and one.attr == name]
    calls = [one for one in nodes if isinstance(one, ast.Call) and one.func in asked_for]
    methods = {one.attr for one in nodes if isinstance(one, ast.Attribute) and one.value in asked_for}
    if calls:
        for other in _unused(name, built, calls, place):
            yield Rewriting(expressions.attribute_renamed(name, other))
    made = ["torch.distributions.Normal(0, 1)"] if methods & {"sample", "rsample"} else _layers(name) if calls else []
    yield from (Rewriting(classes.made(name, text), (), NEVER_MADE) for text in made)


def _unused(name: str, built: nn.Module, calls: Sequence[ast.Call], place: Place) -> list[str]:
    """Layers that no method uses and that take what is given, those of the same number first."""
    # Of what has been mended before, the text says nothing.
    methods = [one for one in vars(type(built)).values() if isinstance(one, FunctionType)]
    used = {other for one in methods if one.__name__ != "__init__" for other in one.__code__.co_names}
    given = [place.variables.get(getattr(one, "id", "")) for one in calls[0].args[:1]]
    sizes = {one.shape[-1] for one in given if isinstance(one, Tensor) and one.dim()}
    others = [
        other
        for other, layer in built.named_children()
        if other not in used and (not sizes or getattr(layer, "in_features", None) in sizes)
    ]
    return sorted(others, key=lambda other: _number(other) != _number(name))


def _layers(name: str) -> list[str]:
    """Layers for a name, the likeliest first: of a kind that is called so, or of the sizes that are asked for."""
    plain = re.sub(r"\W|_|\d", "", name).lower()
    kinds = [kind for kind in _WITHOUT_OPTIONS if kind.lower() == plain]
    kinds += [kind for words, kind in _ALIKE if words.match(plain)]
    return [f"nn.{kind}()" for kind in kinds] or [f"nn.LazyLinear({size})" for size in (512, "_", 784, "2 * _")]


def _number(name: str) -> str:
    return re.sub(r"\D", "", name)
