"""Things that stand in for the notebook's own while student code is tried.

Code that reaches for the notebook's global model instead of its argument then meets the same thing in the grader and in
the student's kernel, and the student's own models stay as they are. A course makes them in its module ``stand_ins``:
``make(workspace)`` gives them by name, ``prepare()`` makes ahead what every worker forked from this process would need.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from autograder.instruments.calling import Workspace

_MISSING = object()


@contextmanager
def in_place(workspace: Workspace, stand_ins: Mapping[str, Any]) -> Iterator[None]:
    """Have stand-ins under their names inside; afterwards the names are as they were."""
    before = {name: workspace.names.get(name, _MISSING) for name in stand_ins}
    workspace.names.update(stand_ins)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is _MISSING:
                workspace.names.pop(name, None)
            else:
                workspace.names[name] = value


@contextmanager
def as_it_stood(workspace: Workspace, earlier: Workspace) -> Iterator[Workspace]:
    """Have the names stand for what they did earlier; those that came later are there as well, for who asks for them.

    Args:
        workspace: as it is now.
        earlier: as it was then (see ``Workspace.as_it_stands``).
    """
    renamed = {name: now for name, now in earlier.renamed.items() if name not in workspace.names}
    with in_place(workspace, earlier.names):
        yield replace(workspace, broken={**workspace.broken, **earlier.broken}, renamed=renamed)
