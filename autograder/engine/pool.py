"""Processes that are kept for the next submission, and stopped all at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from autograder.engine.options import Options
from autograder.errors import Interrupted


class Kept(Protocol):
    """A process, or a source of them, that one thread at a time uses."""

    def suits(self, options: Options) -> bool:
        """Whether it still works, and serves a run with these options."""

    def kill(self) -> None:
        """Kill its processes; safe from any thread."""

    def close(self) -> None:
        """Kill its processes and clear away what they leave."""


K = TypeVar("K", bound=Kept)


class Pool(Generic[K]):
    """As many of a kind as are used at the same time; each is lent to one thread at a time."""

    def __init__(self, start: Callable[[Options], K]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._idle: list[K] = []
        self._busy: list[K] = []
        self._stopped = False

    @contextmanager
    def lent(self, options: Options) -> Iterator[K]:
        """One that suits the options; it goes back where it still does afterwards.

        Raises:
            Interrupted: the pool was stopped.
        """
        one = self._borrow(options)
        try:
            yield one
        finally:
            self._give_back(one, options)

    def check(self) -> None:
        """Say whether the run goes on.

        Raises:
            Interrupted: it was stopped, so that an ended process means nothing.
        """
        if self._stopped:
            raise Interrupted("stopped")

    def stop(self) -> None:
        """Kill every process, and start no other."""
        with self._lock:
            self._stopped = True
            for one in (*self._busy, *self._idle):
                one.kill()

    def close(self) -> None:
        """Close what is kept; call it once nobody uses one any more."""
        with self._lock:
            kept, self._idle = self._idle, []
        for one in kept:
            one.close()

    def _borrow(self, options: Options) -> K:
        with self._lock:
            self.check()
            one = next((kept for kept in self._idle if kept.suits(options)), None)
            if one is None:
                one = self._start(options)
            else:
                self._idle.remove(one)
            self._busy.append(one)
        return one

    def _give_back(self, one: K, options: Options) -> None:
        with self._lock:
            self._busy.remove(one)
            if one.suits(options) and not self._stopped:
                self._idle.append(one)
                return
        one.close()
