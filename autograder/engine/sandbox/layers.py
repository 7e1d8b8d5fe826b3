"""Every layer of the sandbox, put into force one after the other.

Each says ``on`` or why it is not; whether that is enough is the grader's decision (``levels``), not ours.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from autograder.engine.levels import ON, Level, Limits
from autograder.engine.sandbox import landlock, process, rlimits, seccomp

Layer = Callable[[Limits], str | None]

LAYERS: Mapping[str, Layer] = {
    "process": process.set_apart,
    "rlimits": rlimits.enter,
    "no_new_privs": process.no_new_privs,
    "capabilities": process.no_capabilities,
    "not_dumpable": process.not_dumpable,
    "landlock": landlock.enter,
    "seccomp": seccomp.enter,
}


def prepare(course: Path) -> None:
    """Do what is the same for all workers while files can still be opened.

    Args:
        course: folder of the course's package, which holds its judges.
    """
    for make in (lambda: __import__("resource"), lambda: landlock.prepare(str(course)), lambda: seccomp.prepare("cpu")):
        with suppress(Exception):  # what is missing is reported where it is needed
            make()


def enter(limits: Limits, level: Level) -> dict[str, str]:
    """Put every layer into force that this platform has; with ``Level.NONE``, none at all.

    There is no way back. Modules that student code will need must have been imported before.

    Returns:
        For each layer ``on``, possibly with a detail, or why it is not.
    """
    if level is Level.NONE:
        return {}
    return {name: report(partial(layer, limits)) for name, layer in LAYERS.items()}


def report(layer: Callable[[], str | None]) -> str:
    """Put a layer into force: ``on``, possibly with a detail, or why it is not."""
    try:
        detail = layer()
    except Exception as error:
        return f"off: {type(error).__name__}: {error}"[:200]
    return f"{ON} ({detail})" if detail else ON
