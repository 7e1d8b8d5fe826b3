"""What may have been meant by a line that stopped: by the error, and by what the variables are at that moment."""

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer
from torch.utils.data import DataLoader

from autograder.autoencoders.rewriting import edits, numpy_edits, statement_edits
from autograder.autoencoders.rewriting.definitions import Place, Rewriting, likeliest, nodes_at, text_of
from autograder.autoencoders.rewriting.spelling import alike

# What is tried at most: each is a run of the function.
MOST_GUESSES = 8
_REDUCTIONS = ("sum", "mean", "none")
_OPTIONS = (
    *("start_dim", "end_dim", "bias", "inplace", "reduction", "dim", "lr"),
    *("set_to_none", "retain_graph", "weight", "delta", "beta", "total"),
)
_ASKED_OF_A_LOSS = ("backward", "step", "zero_grad")
_PARTS_OF_TORCH = {
    "torch": torch,
    "torch.nn.functional": nn.functional,
    "torch.nn": nn,
    "torch.optim": torch.optim,
    "torch.distributions": torch.distributions,
}
_NOT_CALLABLE = re.compile(r"object is not callable")
_TOO_MANY = re.compile(r"takes (?:from \d+ to )?(\d+) positional arguments? but \d+")
_KEYWORD = re.compile(r"(?:unexpected keyword argument '|invalid combination of arguments - got \(.*?)(\w+)(?:'|=)")
_NO_VALUE = re.compile(r"^(?:<built-in function )?(\w+)>? is not a valid value for reduction")
_FUNCTION = re.compile(r"'?(builtin_function_or_method|method|function)'?\b")
_NUMPY = re.compile(r"Can't call numpy\(\)|keyword argument 'axis'|only one element|cannot be converted to Scalar")
_SIZES = re.compile(r"must match|not equal|broadcast")
_IN_PLACE = re.compile(r"modified by an inplace operation")
_KINDS = re.compile(r"same dtype|expected scalar type")
# Where the larger of a tensor and a number is asked for of what does not compare these.
_COMPARED = re.compile(
    r"Boolean value of Tensor|only integer tensors of a single|return_types\.(?:max|min)|^f?(?:max|min)(?:imum)?\(\)"
)
_ARRAY_MEETS = re.compile(r"'numpy\.ndarray' and '(?:Tensor|Parameter)'|must be Tensor, not numpy\.ndarray")
_NO_CUDA = re.compile(r"not compiled with CUDA|no NVIDIA driver|No CUDA GPUs|not linked with CUDA")


def guesses(error: BaseException, place: Place) -> list[Rewriting]:
    """What may have been meant, the likeliest first.

    Args:
        error: what stopped it.
        place: where.
    """
    likely = (by_type(error, place), by_words(error, place), (Rewriting(statement_edits.left_out, place.lines),))
    return likeliest(chain.from_iterable(likely), MOST_GUESSES)


def by_type(error: BaseException, place: Place) -> Iterator[Rewriting]:
    """What may have been meant by a name that nothing has."""
    if isinstance(error, UnboundLocalError):
        yield from _never_set(error, place)
    elif isinstance(error, NameError):
        yield from _unknown(error, place)
    elif isinstance(error, AttributeError):
        yield from _without_attribute(error, place)


def by_words(error: BaseException, place: Place) -> Iterator[Rewriting]:
    """What may have been meant where the exception's text says what was wrong."""
    text, at = str(error), place.lines
    if _FUNCTION.search(text) and not _NOT_CALLABLE.search(text):
        bare = [one.attr for one in nodes_at(place) if isinstance(one, ast.Attribute)]
        yield from (Rewriting(edits.called(name), at) for name in dict.fromkeys(bare))
    if _NOT_CALLABLE.search(text):
        yield Rewriting(edits.not_called(""), at)
        values = [_name_called(one) for one in nodes_at(place) if isinstance(one, ast.Call)]
        yield from (Rewriting(edits.not_called(name), at) for name in dict.fromkeys(values) if name)
        yield Rewriting(edits.fewer_arguments("step", 0), at, "too-many-arguments")
    if "grad_output" in text:
        yield Rewriting(edits.fewer_arguments("backward", 0), at, "too-many-arguments")
    if (few := _TOO_MANY.search(text)) is not None:
        called = [_name_called(one) for one in nodes_at(place) if isinstance(one, ast.Call)]
        kept = max(int(few[1]) - 1, 0)
        fewer = (edits.fewer_arguments(name, kept) for name in dict.fromkeys(called) if name)
        yield from (Rewriting(one, at, "too-many-arguments") for one in fewer)
    if (option := _KEYWORD.search(text)) is not None:
        yield from (Rewriting(edits.keyword_renamed(option[1], new), at) for new in alike(option[1], _OPTIONS))
        yield Rewriting(edits.keyword_left_out(option[1]), at)
    if (value := _NO_VALUE.search(text)) is not None:
        meant = dict.fromkeys((*alike(value[1], _REDUCTIONS), "sum"))
        yield Rewriting(edits.option_in_quotes(value[1]))
        yield from (Rewriting(edits.text_changed(value[1], new)) for new in meant)
    if _NUMPY.search(text):
        yield Rewriting(edits.of_torch, at)
        yield Rewriting(numpy_edits.as_torch)
    if _COMPARED.search(text):
        yield Rewriting(numpy_edits.compared_with_number)
    if _ARRAY_MEETS.search(text):
        yield Rewriting(numpy_edits.drawn_as_tensors, at)
        yield Rewriting(numpy_edits.as_torch)
    if _SIZES.search(text):
        yield Rewriting(edits.made_alike, at)
        yield Rewriting(edits.in_a_column)
    if _SIZES.search(text) or "target" in text:
        yield from _labels_as_target(place)
    if _NO_CUDA.search(text):
        yield Rewriting(edits.on_the_processor)
    if "bitwise_xor" in text or "for ^" in text:
        yield Rewriting(edits.power(text_of(place)), at)
    if "Boolean value of Tensor" in text or "__init__() takes" in text or re.search(r"'\w*Loss'", text):
        yield Rewriting(edits.built_first, at)
        yield from (Rewriting(edits.made_first(name), at) for name in _classes_of(place))
    if _IN_PLACE.search(text):
        yield Rewriting(statement_edits.not_in_place)
    if "leaf Variable that requires grad" in text:
        yield Rewriting(statement_edits.of_its_data, at)
    if _KINDS.search(text):
        yield Rewriting(edits.method_left_out("double", "long", "int", "half", "byte"))
        yield Rewriting(statement_edits.turned)
        yield from (replace(one, name="") for one in _labels_as_target(place))
    if "to unpack" in text:
        yield Rewriting(statement_edits.pair_in_brackets, at, "pair-without-brackets")
        yield Rewriting(statement_edits.two_names, at)
        for rest in ("None", "{model}.encoder.kl"):
            yield from (Rewriting(statement_edits.one_of(number, rest), at) for number in (0, -1))
    if "'int' object is not iterable" in text:
        yield Rewriting(statement_edits.counted, at, "range-missing")
    if "not subscriptable" in text:
        yield Rewriting(edits.listed, at)
    if "list" in text:
        yield from _batch_as_it_comes(place)


def _never_set(error: UnboundLocalError, place: Place) -> Iterator[Rewriting]:
    found = re.search(r"local variable '(\w+)'", str(error))
    name = "" if found is None else found[1]
    yield Rewriting(statement_edits.moved_down(place.lines[0], name))
    for other in alike(name, _local_names(place)):
        yield Rewriting(edits.renamed_where_read(name, other), place.lines)
    for other in _locals_of(place, Tensor):
        yield Rewriting(edits.renamed_where_read(name, other), place.lines)


def _unknown(error: NameError, place: Place) -> Iterator[Rewriting]:
    name = error.name or ""
    if name == "optim":
        yield Rewriting(edits.renamed(name, "torch.optim"))
    if name in ("tqdm", "trange"):
        yield Rewriting(edits.first_argument_for(name))
    for other in alike(name, _local_names(place)):
        yield Rewriting(edits.renamed(name, other))
    for path in _modules_with(name):
        yield Rewriting(edits.renamed(name, f"{path}.{name}"))
    asked = {getattr(one, "attr", "") for one in nodes_at(place) if _is_asked_of(one, name)}
    for path, module in _PARTS_OF_TORCH.items():
        if any(not hasattr(Tensor, one) for one in asked) and all(hasattr(module, one) for one in asked):
            yield Rewriting(edits.renamed(name, path))
    known = (*_local_names(place), *place.names)
    yield from (Rewriting(edits.attribute_alone(name, part), place.lines) for part in asked if part in known)
    for model in _locals_of(place, nn.Module):
        if isinstance(getattr(place.variables[model], name, None), nn.Module):
            yield Rewriting(edits.renamed(name, f"{model}.{name}"), place.lines)
    yield from (Rewriting(edits.renamed(name, other), place.lines) for other in _never_read(place))
    shaped = (_name_called(one) for one in nodes_at(place) if isinstance(one, ast.Call) and _is_given(one, name))
    yield from (Rewriting(edits.method_left_out(one), place.lines) for one in shaped if one in ("view", "reshape"))
    yield Rewriting(edits.factor_left_out(name), place.lines)
    options = (one.arg for one in nodes_at(place) if isinstance(one, ast.keyword) and _is_about(one.value, name))
    yield from (Rewriting(edits.keyword_left_out(option), place.lines) for option in options if option)
    if name in edits.OTHER_LIBRARIES:
        yield Rewriting(edits.of_torch, place.lines)
    kind = Optimizer if asked & {"step", "zero_grad"} else Tensor if "backward" in asked else nn.Module
    if "self" in place.variables:
        yield from _given_back(name, place)
        yield from _known_elsewhere(name, place)
        return
    for other in _locals_of(place, kind):
        yield Rewriting(edits.renamed(name, other))
    if any(_is_given(one, name) for one in nodes_at(place)):
        yield from (Rewriting(edits.renamed(name, other)) for other in _locals_of(place, int))
    if not asked:
        for other in _standing_aside(place):
            yield Rewriting(edits.renamed(name, other), is_bold=True)
    yield from _known_elsewhere(name, place)
    if kind is Optimizer:
        for model in _locals_of(place, nn.Module):
            yield Rewriting(statement_edits.with_first_line(f"{name} = torch.optim.Adam({model}.parameters())"))


def _known_elsewhere(name: str, place: Place) -> Iterator[Rewriting]:
    """Names of the notebook and of Python that are spelt alike."""
    yield from (Rewriting(edits.renamed(name, other)) for other in alike(name, (*place.names, *vars(builtins))))


def _given_back(name: str, place: Place) -> Iterator[Rewriting]:
    """What a method made last, where it gives back something that is not there."""
    if any(isinstance(one, ast.Return) and getattr(one.value, "id", "") == name for one in nodes_at(place)):
        yield from (Rewriting(edits.renamed(name, other)) for other in reversed(_locals_of(place, Tensor)))


def _without_attribute(error: AttributeError, place: Place) -> Iterator[Rewriting]:
    name, owner = error.name or "", error.obj
    if isinstance(owner, (list, tuple)):
        yield Rewriting(statement_edits.one_part)
        yield from _batch_as_it_comes(place)
    if isinstance(owner, ModuleType):
        # `np.relu` is torch's function in the wrong place, and not NumPy's `real` misspelt.
        paths = [f"{path}.{name}" for path in _modules_with(name)]
        for other in paths or ([name] if isinstance(place.names.get(name), ModuleType) else []):
            yield Rewriting(edits.attribute_taken_from(name, other))
    for other in alike(name, (one for one in dir(owner) if not one.startswith("_"))):
        yield Rewriting(edits.attribute_renamed(name, other))
    if isinstance(owner, nn.Module) and "self" not in place.variables:
        yield Rewriting(edits.called_itself(name), place.lines)
    elif isinstance(owner, str):
        yield Rewriting(edits.first_argument_for("str"))
    # Without its method a list may be put into itself, of which numbers are made without end.
    elif not isinstance(owner, (ModuleType, nn.Module, list, tuple, dict)) and name not in _ASKED_OF_A_LOSS:
        yield Rewriting(edits.method_left_out(name), place.lines)


def _modules_with(name: str) -> list[str]:
    """The parts of torch that have something of that name."""
    return [
        path for path, module in _PARTS_OF_TORCH.items() if name and not name.startswith("_") and hasattr(module, name)
    ]


def _batch_as_it_comes(place: Place) -> Iterator[Rewriting]:
    """Loops whose variable is a whole batch, images and labels, where the images are meant."""
    for name, value in place.variables.items():
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tensor):
            yield Rewriting(statement_edits.first_of(name), name="batch-not-unpacked")


def _standing_aside(place: Place) -> list[str]:
    """Images, or what gives them, that the line could be about and does not name."""
    named = {getattr(node, "id", "") for node in nodes_at(place)}
    images = [
        name for name, value in place.variables.items() if isinstance(value, Tensor) and value.is_floating_point()
    ]
    return [name for name in (*reversed(images), *_locals_of(place, DataLoader)) if name not in named]


def _labels_as_target(place: Place) -> Iterator[Rewriting]:
    """A line that holds the labels where the images are meant."""
    tensors = {name: value for name, value in place.variables.items() if isinstance(value, Tensor)}
    labels = [name for name, value in tensors.items() if value.dim() == 1 and not value.is_floating_point()]
    images = [name for name, value in tensors.items() if value.dim() > 1 and not value.requires_grad]
    named = {getattr(node, "id", "") for node in nodes_at(place)}
    for label in (one for one in labels if one in named):
        for image in images:
            yield Rewriting(edits.renamed(label, image), place.lines, "labels-as-target")


def _local_names(place: Place) -> list[str]:
    return [*place.variables, *place.declared]


def _locals_of(place: Place, kind: type) -> list[str]:
    return [name for name, value in place.variables.items() if isinstance(value, kind)]


def _classes_of(place: Place) -> list[str]:
    """Variables that stand for a class of modules, and not for an object of one."""
    return [name for name, value in place.variables.items() if isinstance(value, type) and issubclass(value, nn.Module)]


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


def _name_called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
