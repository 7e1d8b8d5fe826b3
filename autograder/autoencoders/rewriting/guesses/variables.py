"""What a function's variables are at the moment that it stopped."""

from collections.abc import Iterator

from torch import Tensor

from autograder.autoencoders.rewriting.definitions import Place, Rewriting
from autograder.autoencoders.rewriting.edits import statements


def local_names(place: Place) -> list[str]:
    """The names of all its variables, whether they are set or not."""
    return [*place.variables, *place.declared]


def locals_of(place: Place, kind: type) -> list[str]:
    """The names of those that stand for something of that kind."""
    return [name for name, value in place.variables.items() if isinstance(value, kind)]


def batch_as_it_comes(place: Place) -> Iterator[Rewriting]:
    """Loops whose variable is a whole batch, images and labels, where the images are meant."""
    for name, value in place.variables.items():
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tensor):
            yield Rewriting(statements.first_of(name), name="batch-not-unpacked")
