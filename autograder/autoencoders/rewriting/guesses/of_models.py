"""Models of the notebook that a function uses in the place of its argument."""

from collections.abc import Callable, Mapping
from inspect import unwrap
from types import FunctionType
from typing import Any

from torch import nn

from autograder.autoencoders.rewriting.definitions import Place, Rewriting
from autograder.autoencoders.rewriting.edits.expressions import renamed


def its_argument(function: Callable[..., Any], names: Mapping[str, Any]) -> tuple[tuple[Place, Rewriting], ...]:
    """What has the function use its first argument for them.

    Args:
        function: the student's.
        names: the notebook's names.
    """
    written = unwrap(function)
    if not isinstance(written, FunctionType) or not written.__code__.co_argcount:
        return ()
    code = written.__code__
    place = Place(code.co_filename, code.co_firstlineno, names)
    others = [name for name in code.co_names if isinstance(names.get(name), nn.Module)]
    return tuple((place, Rewriting(renamed(name, code.co_varnames[0]))) for name in others)
