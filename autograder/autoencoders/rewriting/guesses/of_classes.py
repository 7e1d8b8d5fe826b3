"""What may have been meant by a line of a class that stopped: by the error, and by what the object holds."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType

from torch import Tensor, nn

from autograder.autoencoders.rewriting.definitions import Edit, Place, Rewriting, likeliest, nodes_at, text_of
from autograder.autoencoders.rewriting.edits import classes, expressions, sizes, splits, statements
from autograder.autoencoders.rewriting.guesses.of_lines import by_words
from autograder.autoencoders.rewriting.guesses.of_names import by_name
from autograder.autoencoders.rewriting.guesses.of_what_lacks import of_what_lacks
from autograder.autoencoders.rewriting.guesses.synonyms import meant_by
from autograder.course.observation import Failure

_MOST = 8
_BY_CULPRIT: Mapping[str, Callable[[str], Edit]] = MappingProxyType(
    {
        "self-forgotten": classes.of_the_object,
        "argument-not-kept": classes.kept,
        "one-tuple": lambda _name: statements.one_part,
        "forward-misspelt": lambda name: classes.method_renamed(name, "forward"),
        "init-misspelt": lambda name: classes.method_renamed(name, "__init__"),
        "forward-inside": lambda _name: classes.moved_out,
        "parent": lambda _name: classes.begun,
    }
)
_ARGUMENTS = re.compile(r"(\w+)\(\) takes \d+ positional arguments? but")
_ROWS = re.compile(r"shapes cannot be multiplied \(\d+x(\d+) and (\d+)x\d+\)")
_IMAGES_APART = re.compile(r"to unpack|split_with_sizes expects")
_ONE_IMAGE = re.compile(r"out of bounds for dimension 0 with size 1")
_SHAPE_WANTED = re.compile(r"must be tuple of ints, not Tensor|Size\(\) takes an iterable")
_SCALE_WANTED = re.compile(r"Expected parameter scale|normal expects (?:all elements of )?std >= 0")
_NO_INIT = "before Module.__init__() call"


def guesses(error: BaseException, place: Place, failure: Failure) -> list[Rewriting]:
    """What may have been meant, the likeliest first.

    Args:
        error: what stopped it.
        place: where.
        failure: what is told of it.
    """
    return likeliest(_likely(error, place, failure), _MOST)


def _likely(error: BaseException, place: Place, failure: Failure) -> Iterator[Rewriting]:
    text, name = str(error), failure.name
    if failure.holds in _BY_CULPRIT:
        yield Rewriting(_BY_CULPRIT[failure.holds](name), place.lines if failure.holds == "one-tuple" else ())
    if failure.holds in ("forward-outside", "init-outside"):
        yield Rewriting(classes.taken_in(text_of(place)))
    if failure.error == "NotAModule" or "object is not callable" in text or "has no attribute 'parameters'" in text:
        yield Rewriting(classes.of_module)
    if failure.error == "NothingReturned":
        yield Rewriting(classes.given_back)
    if (method := _ARGUMENTS.search(text)) is not None:
        yield Rewriting(classes.with_self(method[1]))
    if "__init__() takes 1 positional" in text:
        yield Rewriting(classes.with_latent_dims)
    if _NO_INIT in text:
        yield Rewriting(classes.begun)
    if "must be Tensor, not" in text or failure.holds == "class-of-data":
        yield Rewriting(expressions.built_first, place.lines)
        yield Rewriting(classes.built_in_forward)
    asked = (error.name or "") if isinstance(error, AttributeError) else ""
    if place.function == "__init__" and asked and hasattr(nn, asked):
        yield Rewriting(classes.of_layers(asked), place.lines)
    if asked in place.variables:
        yield Rewriting(classes.of_the_method(asked), place.lines)
    yield from _split_within_images(text, place)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name:
        tensors = [one for one, value in place.variables.items() if isinstance(value, Tensor)]
        yield from (Rewriting(expressions.renamed(error.name, meant)) for meant in meant_by(error.name, tensors))
    if "iteration over a 0-d tensor" in text or "to unpack" in text:
        yield Rewriting(classes.with_a_dot, place.lines)
    if _SCALE_WANTED.search(text):
        yield Rewriting(expressions.of_positive_scale, place.lines)
    yield from by_name(error, place)
    if asked and isinstance(error, AttributeError) and error.obj is place.variables.get("self"):
        yield from of_what_lacks(asked, place)
    yield from by_words(error, place)
    if "list is not a Module subclass" in text:
        yield Rewriting(classes.one_by_one, place.lines)
    if (rows := _ROWS.search(text)) is not None:
        yield Rewriting(classes.as_rows)
        yield from _sizes_otherwise(int(rows[1]), int(rows[2]), place)
    if _SHAPE_WANTED.search(text):
        yield Rewriting(classes.by_shape, place.lines)
    if "is invalid for input of size" in text:
        yield from _result_named_otherwise(place)
        name = "one-image-only" if re.search(r"shape '\[1, (1, )?28, 28\]'", text) else ""
        yield Rewriting(classes.as_images, place.lines, name)
        yield Rewriting(classes.for_any_batch, place.lines, name)


def _sizes_otherwise(given: int, wanted: int, place: Place) -> Iterator[Rewriting]:
    """The sizes that the layers of a network may have been meant to have, where rows of one size met another."""
    built = place.variables.get("self")
    if not isinstance(built, nn.Module):
        return
    yield from _another_layer(given, wanted, built, place)
    layers = [one for one in built.modules() if isinstance(one, nn.Linear)]
    met = [number for number, layer in enumerate(layers) if layer.in_features == wanted]
    yield from (Rewriting(sizes.turned(number)) for number in met if layers[number].out_features == given)
    yield Rewriting(sizes.wide(wanted, given, {getattr(one, "attr", "") for one in nodes_at(place)}))
    yield from (Rewriting(sizes.exchanged(*pair)) for pair in combinations(range(len(layers)), 2) if {*pair} & {*met})
    yield Rewriting(sizes.mirrored)


def _another_layer(given: int, wanted: int, built: nn.Module, place: Place) -> Iterator[Rewriting]:
    """A layer that takes what another one was given, and is called nowhere."""
    layers = {name: one.in_features for name, one in built.named_children() if isinstance(one, nn.Linear)}
    called, text = [one.attr for one in nodes_at(place) if isinstance(one, ast.Attribute)], text_of(place)
    idle = [name for name, takes in layers.items() if takes == given and f"self.{name}(" not in text]
    for name in dict.fromkeys(one for one in called if layers.get(one) == wanted):
        yield from (Rewriting(expressions.attribute_renamed(name, other), place.lines) for other in idle)


def _result_named_otherwise(place: Place) -> Iterator[Rewriting]:
    """What was made last, where something else is given another shape."""
    tensors = {name: value for name, value in place.variables.items() if isinstance(value, Tensor)}
    named = {one.id for one in nodes_at(place) if isinstance(one, ast.Name) and one.id in tensors}
    for name in sorted(named):
        for other in (one for one in reversed(tensors) if one not in named):
            yield Rewriting(expressions.renamed_where_read(name, other), place.lines, "pixels-not-in-z")


def _split_within_images(text: str, place: Place) -> Iterator[Rewriting]:
    """What the outputs of one layer may have been meant to be split into, for μ and log σ."""
    name = "split-over-images"
    if _IMAGES_APART.search(text):
        yield Rewriting(splits.halved, place.lines, name)
    if _ONE_IMAGE.search(text):
        taken = (getattr(one.value, "id", "") for one in nodes_at(place) if isinstance(one, ast.Subscript))
        yield from (Rewriting(splits.taken_from(one), (), name) for one in dict.fromkeys(taken) if one)
    if "must match the size of tensor" in text:
        yield Rewriting(splits.cut, (), name)
