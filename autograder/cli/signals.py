"""What stops a command from outside stops it as Ctrl-C does, so that everything is put away."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# A terminal that is closed sends SIGHUP, which Windows does not know.
_STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def stopped_like_interrupted() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does; one that is ignored, as by ``nohup``, stays ignored."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    heeded = [number for number in _STOPS if signal.getsignal(number) is not signal.SIG_IGN]
    before = [(number, signal.signal(number, interrupt)) for number in heeded]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
