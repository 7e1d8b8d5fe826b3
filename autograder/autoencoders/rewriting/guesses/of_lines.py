"""What may have been meant by a line that stopped: by the error, and by what the variables are at that moment."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from torch import Tensor, nn

from autograder.autoencoders.rewriting.definitions import Place, Rewriting, likeliest, name_called, nodes_at, text_of
from autograder.autoencoders.rewriting.edits import arrays, expressions, statements
from autograder.autoencoders.rewriting.guesses.of_names import by_name
from autograder.autoencoders.rewriting.guesses.spelling import alike
from autograder.autoencoders.rewriting.guesses.variables import batch_as_it_comes

# What is tried at most: each is a run of the function.
MOST_GUESSES = 8
_REDUCTIONS = ("sum", "mean", "none")
_OPTIONS = (
    *("start_dim", "end_dim", "bias", "inplace", "reduction", "dim", "lr"),
    *("set_to_none", "retain_graph", "weight", "delta", "beta", "total"),
)
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
    likely = (by_name(error, place), by_words(error, place), (Rewriting(statements.left_out, place.lines),))
    return likeliest(chain.from_iterable(likely), MOST_GUESSES)


def by_words(error: BaseException, place: Place) -> Iterator[Rewriting]:
    """What may have been meant where the exception's text says what was wrong."""
    text, at = str(error), place.lines
    if _FUNCTION.search(text) and not _NOT_CALLABLE.search(text):
        bare = [one.attr for one in nodes_at(place) if isinstance(one, ast.Attribute)]
        yield from (Rewriting(expressions.called(name), at) for name in dict.fromkeys(bare))
    if _NOT_CALLABLE.search(text):
        yield Rewriting(expressions.not_called(""), at)
        values = [name_called(one) for one in nodes_at(place) if isinstance(one, ast.Call)]
        yield from (Rewriting(expressions.not_called(name), at) for name in dict.fromkeys(values) if name)
        yield Rewriting(expressions.fewer_arguments("step", 0), at, "too-many-arguments")
    if "grad_output" in text:
        yield Rewriting(expressions.fewer_arguments("backward", 0), at, "too-many-arguments")
    if (few := _TOO_MANY.search(text)) is not None:
        called = [name_called(one) for one in nodes_at(place) if isinstance(one, ast.Call)]
        kept = max(int(few[1]) - 1, 0)
        fewer = (expressions.fewer_arguments(name, kept) for name in dict.fromkeys(called) if name)
        yield from (Rewriting(one, at, "too-many-arguments") for one in fewer)
    if (option := _KEYWORD.search(text)) is not None:
        yield from (Rewriting(expressions.keyword_renamed(option[1], new), at) for new in alike(option[1], _OPTIONS))
        yield Rewriting(expressions.keyword_left_out(option[1]), at)
    if (value := _NO_VALUE.search(text)) is not None:
        meant = dict.fromkeys((*alike(value[1], _REDUCTIONS), "sum"))
        yield Rewriting(expressions.option_in_quotes(value[1]))
        yield from (Rewriting(expressions.text_changed(value[1], new)) for new in meant)
    if _NUMPY.search(text):
        yield Rewriting(expressions.of_torch, at)
        yield Rewriting(arrays.as_torch)
    if _COMPARED.search(text):
        yield Rewriting(arrays.compared_with_number)
    if _ARRAY_MEETS.search(text):
        yield Rewriting(arrays.drawn_as_tensors, at)
        yield Rewriting(arrays.as_torch)
    if _SIZES.search(text):
        yield Rewriting(expressions.made_alike, at)
        yield Rewriting(expressions.in_a_column)
    if _SIZES.search(text) or "target" in text:
        yield from _labels_as_target(place)
    if _NO_CUDA.search(text):
        yield Rewriting(expressions.on_the_processor)
    if "bitwise_xor" in text or "for ^" in text:
        yield Rewriting(expressions.power(text_of(place)), at)
    if "Boolean value of Tensor" in text or "__init__() takes" in text or re.search(r"'\w*Loss'", text):
        yield Rewriting(expressions.built_first, at)
        yield from (Rewriting(expressions.made_first(name), at) for name in _classes_of(place))
    if _IN_PLACE.search(text):
        yield Rewriting(statements.not_in_place)
    if "leaf Variable that requires grad" in text:
        yield Rewriting(statements.of_its_data, at)
    if _KINDS.search(text):
        yield Rewriting(expressions.method_left_out("double", "long", "int", "half", "byte"))
        yield Rewriting(statements.turned)
        yield from (replace(one, name="") for one in _labels_as_target(place))
    if "to unpack" in text:
        yield Rewriting(statements.pair_in_brackets, at, "pair-without-brackets")
        yield Rewriting(statements.two_names, at)
        for rest in ("None", "{model}.encoder.kl"):
            yield from (Rewriting(statements.one_of(number, rest), at) for number in (0, -1))
    if "'int' object is not iterable" in text:
        yield Rewriting(statements.counted, at, "range-missing")
    if "not subscriptable" in text:
        yield Rewriting(expressions.listed, at)
    if "list" in text:
        yield from batch_as_it_comes(place)


def _labels_as_target(place: Place) -> Iterator[Rewriting]:
    """A line that holds the labels where the images are meant."""
    tensors = {name: value for name, value in place.variables.items() if isinstance(value, Tensor)}
    labels = [name for name, value in tensors.items() if value.dim() == 1 and not value.is_floating_point()]
    images = [name for name, value in tensors.items() if value.dim() > 1 and not value.requires_grad]
    named = {getattr(node, "id", "") for node in nodes_at(place)}
    for label in (one for one in labels if one in named):
        for image in images:
            yield Rewriting(expressions.renamed(label, image), place.lines, "labels-as-target")


def _classes_of(place: Place) -> list[str]:
    """Variables that stand for a class of modules, and not for an object of one."""
    return [name for name, value in place.variables.items() if isinstance(value, type) and issubclass(value, nn.Module)]
