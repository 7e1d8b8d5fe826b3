"""nbgrader's steps as a configuration names them."""

from typing import Any

from traitlets.utils.importstring import import_item


def step_class(step: Any) -> type[Any] | None:
    """The class of a preprocessor that a list names by its path or its class.

    ``None`` for one that is made already: nbconvert makes it of the class, and registers it once more then.
    """
    named = import_item(step) if isinstance(step, str) else step
    return named if isinstance(named, type) else None
