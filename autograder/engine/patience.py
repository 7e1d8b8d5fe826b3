"""How long somebody is waited for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

_SHORTEST = 0.001


class Patience:
    """Seconds to wait in all; time in which the one who waits was held up itself is not counted.

    A grader that could not listen, because the machine was asleep or somebody else had the processor, takes what has
    arrived by then for what it is, and calls nobody late.

    Attributes:
        left: the seconds that are left.
    """

    def __init__(self, seconds: float) -> None:
        self._all = self.left = seconds
        self._counted = time.monotonic()

    @property
    def spent(self) -> float:
        """The seconds waited so far."""
        return self._all - self.left

    @contextmanager
    def waiting(self, most: float) -> Iterator[float]:
        """Wait inside the block, for no longer than the seconds that it is given; more than those do not count.

        Args:
            most: the longest wait.
        """
        seconds = max(_SHORTEST, min(self.left, most))
        try:
            yield seconds
        finally:
            now = time.monotonic()
            self.left -= min(now - self._counted, seconds)
            self._counted = now
