"""What all commands share: the two consoles, and ending on a signal."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.text import Text

from autograder.judging.failures import printable

_LONGEST_COMPLAINT = 1000


def out() -> Console:
    """The console for what was asked for."""
    return Console(highlight=False)


def err() -> Console:
    """The console for what went wrong, and for progress."""
    return Console(stderr=True, highlight=False)


def complain(message: str) -> None:
    """One line about what is wrong; names of files in it may be students'."""
    err().print(Text(f"autograder: {printable(message, _LONGEST_COMPLAINT)}"), soft_wrap=True)


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that everything is put away."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
