"""How long something is tried: by what it computes, since all takes longer on a machine that is busy.

Marks must not depend on what else a machine does.
"""

from dataclasses import dataclass, field
from time import monotonic, process_time

# Who takes so many times longer than it computes, waits for something else than a core.
_BUSIEST = 3.0


@dataclass(frozen=True)
class Effort:
    """What has been spent since it was made.

    Attributes:
        most: how much may be spent, in seconds of computing.
    """

    most: float
    _computed: float = field(default_factory=process_time)
    _began: float = field(default_factory=monotonic)

    @property
    def spent(self) -> float:
        """Seconds of computing, or for what sleeps a third of those that went by."""
        return max(process_time() - self._computed, (monotonic() - self._began) / _BUSIEST)

    @property
    def is_over(self) -> bool:
        """Whether all of it is spent."""
        return self.spent > self.most
