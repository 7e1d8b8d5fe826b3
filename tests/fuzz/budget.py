"""What reading may cost: a second of processor time a megabyte, and ten times the memory of what is read."""

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

SECONDS_A_MEGABYTE = 1.0
MEMORY_TIMES = 10

T = TypeVar("T")


@dataclass(frozen=True)
class Budget:
    """What anything may cost, however small it is.

    Attributes:
        seconds: of processor time.
        memory: in bytes.
    """

    seconds: float = 0.2
    memory: int = 2 << 20


def within(budget: Budget, size: int, run: Callable[[], T]) -> T:
    """What a function gives, after it has shown that it keeps to the budget for so many bytes."""
    began = time.thread_time()
    given = run()
    seconds = time.thread_time() - began
    allowed = max(budget.seconds, size / 1e6 * SECONDS_A_MEGABYTE)
    assert seconds <= allowed, f"{seconds:.2f} s for {size:,} bytes; {allowed:.2f} s are allowed"
    tracemalloc.start()
    try:
        run()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    most = max(budget.memory, size * MEMORY_TIMES)
    assert peak <= most, f"{peak:,} bytes of memory for {size:,} bytes; {most:,} are allowed"
    return given
