"""The time that is left for one submission."""

from collections.abc import Callable

from autograder.engine.channel import UnreadReply, WorkerTimeout
from autograder.engine.patience import Patience

LONGEST_CELL, _LONG_TIMEOUT = 10.0, 120.0
GRACE = 3.0  # a worker that stops by itself when its time is over needs a moment to say so


class TimeLeft:
    """The seconds for a submission as a whole: each wait for one of its workers takes some.

    Attributes:
        left: the seconds that are left.
    """

    def __init__(self, seconds: float) -> None:
        self._all = self.left = seconds

    def used_up(self) -> WorkerTimeout:
        """What is said where nothing is left."""
        return WorkerTimeout(f"the {self._all:.0f} seconds for the whole notebook were used up")

    def within(self, seconds: float, reply: Callable[[float, Patience], UnreadReply]) -> UnreadReply:
        """A reply that comes within a request's share and within what is left.

        Args:
            seconds: the request's share.
            reply: waits for it, given the seconds that are allowed and how long to wait.

        Raises:
            WorkerFailed: none came.
        """
        if self.left <= 0:
            raise self.used_up()
        allowed = min(seconds, self.left)
        patience = Patience(allowed + GRACE)
        try:
            return reply(allowed, patience)
        except WorkerTimeout:
            raise WorkerTimeout(f"{allowed:.0f} seconds") from None
        finally:
            self.left -= patience.spent


def cell_seconds(timeout: float) -> float:
    """How long a cell may run: ten seconds, longer where there is more time for the submission than usual."""
    return max(min(LONGEST_CELL, timeout / 4), LONGEST_CELL * timeout / _LONG_TIMEOUT)
