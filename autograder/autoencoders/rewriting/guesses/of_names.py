"""What may have been meant by a name that nothing has, or that the object has not which is asked for it."""

import ast
import builtins
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer
from torch.utils.data import DataLoader

from autograder.autoencoders.rewriting.definitions import Place, Rewriting, name_called, nodes_at
from autograder.autoencoders.rewriting.edits import expressions, statements
from autograder.autoencoders.rewriting.guesses.spelling import alike
from autograder.autoencoders.rewriting.guesses.variables import batch_as_it_comes, local_names, locals_of

_SHAPING = ("view", "reshape")
_ASKED_OF_A_LOSS = ("backward", "step", "zero_grad")
_PARTS_OF_TORCH = {
    "torch": torch,
    "torch.nn.functional": nn.functional,
    "torch.nn": nn,
    "torch.optim": torch.optim,
    "torch.distributions": torch.distributions,
}


def by_name(error: BaseException, place: Place) -> Iterator[Rewriting]:
    """What may have been meant by a name that nothing has."""
    if isinstance(error, UnboundLocalError):
        yield from _never_set(error, place)
    elif isinstance(error, NameError):
        yield from _unknown(error, place)
    elif isinstance(error, AttributeError):
        yield from _without_attribute(error, place)


def _never_set(error: UnboundLocalError, place: Place) -> Iterator[Rewriting]:
    found = re.search(r"local variable '(\w+)'", str(error))
    name = "" if found is None else found[1]
    yield Rewriting(statements.moved_down(place.lines[0], name))
    for other in alike(name, local_names(place)):
        yield Rewriting(expressions.renamed_where_read(name, other), place.lines)
    for other in locals_of(place, Tensor):
        yield Rewriting(expressions.renamed_where_read(name, other), place.lines)


def _unknown(error: NameError, place: Place) -> Iterator[Rewriting]:
    name = error.name or ""
    if name == "optim":
        yield Rewriting(expressions.renamed(name, "torch.optim"))
    if name in ("tqdm", "trange"):
        yield Rewriting(expressions.first_argument_for(name))
    for other in alike(name, local_names(place)):
        yield Rewriting(expressions.renamed(name, other))
    for path in _modules_with(name):
        yield Rewriting(expressions.renamed(name, f"{path}.{name}"))
    asked = {getattr(one, "attr", "") for one in nodes_at(place) if _is_asked_of(one, name)}
    for path, module in _PARTS_OF_TORCH.items():
        if any(not hasattr(Tensor, one) for one in asked) and all(hasattr(module, one) for one in asked):
            yield Rewriting(expressions.renamed(name, path))
    known = (*local_names(place), *place.names)
    yield from (Rewriting(expressions.attribute_alone(name, part), place.lines) for part in asked if part in known)
    for model in locals_of(place, nn.Module):
        if isinstance(getattr(place.variables[model], name, None), nn.Module):
            yield Rewriting(expressions.renamed(name, f"{model}.{name}"), place.lines)
    yield from (Rewriting(expressions.renamed(name, other), place.lines) for other in _never_read(place))
    shaped = (name_called(one) for one in nodes_at(place) if isinstance(one, ast.Call) and _is_given(one, name))
    yield from (Rewriting(expressions.method_left_out(one), place.lines) for one in shaped if one in _SHAPING)
    yield Rewriting(expressions.factor_left_out(name), place.lines)
    options = (one.arg for one in nodes_at(place) if isinstance(one, ast.keyword) and _is_about(one.value, name))
    yield from (Rewriting(expressions.keyword_left_out(option), place.lines) for option in options if option)
    if name in expressions.OTHER_LIBRARIES:
        yield Rewriting(expressions.of_torch, place.lines)
    kind = Optimizer if asked & {"step", "zero_grad"} else Tensor if "backward" in asked else nn.Module
    if "self" in place.variables:
        yield from _given_back(name, place)
        yield from _known_elsewhere(name, place)
        yield from _given_to_a_layer(name, place)
        return
    for other in locals_of(place, kind):
        yield Rewriting(expressions.renamed(name, other))
    if any(_is_given(one, name) for one in nodes_at(place)):
        yield from (Rewriting(expressions.renamed(name, other)) for other in locals_of(place, int))
    if not asked:
        for other in _standing_aside(place):
            yield Rewriting(expressions.renamed(name, other), is_bold=True)
    yield from _known_elsewhere(name, place)
    if kind is Optimizer:
        for model in locals_of(place, nn.Module):
            yield Rewriting(statements.with_first_line(f"{name} = torch.optim.Adam({model}.parameters())"))


def _known_elsewhere(name: str, place: Place) -> Iterator[Rewriting]:
    """Names of the notebook and of Python that are spelt alike."""
    yield from (Rewriting(expressions.renamed(name, other)) for other in alike(name, (*place.names, *vars(builtins))))


def _given_back(name: str, place: Place) -> Iterator[Rewriting]:
    """What a method made last, where it gives back something that is not there."""
    if any(isinstance(one, ast.Return) and getattr(one.value, "id", "") == name for one in nodes_at(place)):
        yield from (Rewriting(expressions.renamed(name, other)) for other in reversed(locals_of(place, Tensor)))


def _given_to_a_layer(name: str, place: Place) -> Iterator[Rewriting]:
    """The latest tensor, where a layer is given something that is not there; the only one, wherever that is asked."""
    tensors = locals_of(place, Tensor)
    is_given = any(_is_given(one, name) and _is_own(one) for one in nodes_at(place))
    asked = [one.attr for one in nodes_at(place) if isinstance(one, ast.Attribute) and _is_asked_of(one, name)]
    if (is_given or len(tensors) == 1) and all(hasattr(Tensor, one) for one in asked):
        yield from (Rewriting(expressions.renamed(name, other)) for other in tensors[-1:])


def _is_own(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _is_asked_of(node.func, "self")


def _without_attribute(error: AttributeError, place: Place) -> Iterator[Rewriting]:
    name, owner = error.name or "", error.obj
    if isinstance(owner, (list, tuple)):
        yield Rewriting(statements.one_part)
        yield from batch_as_it_comes(place)
    if isinstance(owner, ModuleType):
        # `np.relu` is torch's function in the wrong place, and not NumPy's `real` misspelt.
        paths = [f"{path}.{name}" for path in _modules_with(name)]
        for other in paths or ([name] if isinstance(place.names.get(name), ModuleType) else []):
            yield Rewriting(expressions.attribute_taken_from(name, other))
    for other in alike(name, (one for one in dir(owner) if not one.startswith("_"))):
        yield Rewriting(expressions.attribute_renamed(name, other))
    if isinstance(owner, nn.Module) and "self" not in place.variables:
        yield Rewriting(expressions.called_itself(name), place.lines)
    elif isinstance(owner, str):
        yield Rewriting(expressions.first_argument_for("str"))
    # Without its method a list may be put into itself, of which numbers are made without end.
    elif not isinstance(owner, (ModuleType, nn.Module, list, tuple, dict)) and name not in _ASKED_OF_A_LOSS:
        yield Rewriting(expressions.method_left_out(name), place.lines)


def _modules_with(name: str) -> list[str]:
    """The parts of torch that have something of that name."""
    return [
        path for path, module in _PARTS_OF_TORCH.items() if name and not name.startswith("_") and hasattr(module, name)
    ]


def _standing_aside(place: Place) -> list[str]:
    """Images, or what gives them, that the line could be about and does not name."""
    named = {getattr(node, "id", "") for node in nodes_at(place)}
    images = [
        name for name, value in place.variables.items() if isinstance(value, Tensor) and value.is_floating_point()
    ]
    return [name for name in (*reversed(images), *locals_of(place, DataLoader)) if name not in named]


def _is_asked_of(node: ast.AST, name: str) -> Any:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name


def _is_about(node: ast.AST, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))


def _is_given(node: ast.AST, name: str) -> bool:
    """Whether a call has the name among what it is given."""
    return isinstance(node, ast.Call) and any(getattr(one, "id", "") == name for one in node.args)


def _never_read(place: Place) -> list[str]:
    """What comprehensions count with and do not read."""
    found = [one for one in nodes_at(place) if isinstance(one, (ast.ListComp, ast.GeneratorExp))]
    return [
        target.id
        for one in found
        if isinstance(target := one.generators[0].target, ast.Name) and not _is_about(one.elt, target.id)
    ]
