"""An end for student code that has none, in the student's own kernel."""

import _thread
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from autograder.course.observation import Failure

LIMIT = 30.0


def within_time(call: Callable[[], Any], seconds: float | None = None) -> Any:
    """The call's value, or a ``Failure`` where it took longer than it may.

    It is interrupted as by the notebook's stop button, again and again until it ends. Only Python's main thread can
    be interrupted so; elsewhere there is no limit.
    """
    limit = LIMIT if seconds is None else seconds
    if threading.current_thread() is not threading.main_thread():
        return call()
    ended = threading.Event()
    late = threading.Event()

    def interrupt() -> None:
        wait = limit
        while not ended.wait(wait):
            late.set()
            _interrupt_main()
            wait = 1.0

    watch = threading.Thread(target=interrupt, daemon=True)
    watch.start()
    try:
        value = call()
    except KeyboardInterrupt:
        if not late.is_set():
            raise
        value = None
    finally:
        ended.set()
    return Failure("timeout", message=f"{limit:g} seconds") if late.is_set() else value


def _interrupt_main() -> None:
    main = threading.main_thread().ident
    if os.name == "posix" and main is not None:
        signal.pthread_kill(main, signal.SIGINT)  # ends a `sleep`, too
    else:
        _thread.interrupt_main()
