"""Waiting: the time in which nobody could listen is nobody's delay."""

import time

import pytest

from autograder.engine import patience
from autograder.engine.patience import Patience


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def test_what_was_waited_is_counted(clock: Clock) -> None:
    waiting = Patience(1.0)
    for _ in range(3):
        with waiting.waiting(0.25) as seconds:
            assert seconds == 0.25
            clock.now += 0.25
    assert (waiting.left, waiting.spent) == (0.25, 0.75)


def test_a_wait_is_no_longer_than_what_is_left(clock: Clock) -> None:
    waiting = Patience(0.1)
    with waiting.waiting(5.0) as seconds:
        assert seconds == 0.1
        clock.now += 0.1
    assert waiting.left == pytest.approx(0.0)


def test_a_machine_that_slept_has_called_nobody_late(clock: Clock) -> None:
    waiting = Patience(1.0)
    with waiting.waiting(0.25):
        clock.now += 3600.0
    assert waiting.left == 0.75


def test_what_happens_between_two_waits_counts_as_well(clock: Clock) -> None:
    """Else whoever sends a byte at a time would have all the time in the world."""
    waiting = Patience(1.0)
    for _ in range(4):
        with waiting.waiting(0.25):
            clock.now += 0.01
        clock.now += 0.2
    assert waiting.left == pytest.approx(1.0 - 4 * 0.01 - 3 * 0.2)


def test_real_time_passes() -> None:
    waiting = Patience(0.2)
    with waiting.waiting(0.05) as seconds:
        time.sleep(seconds)
    assert waiting.spent == pytest.approx(0.05, abs=0.001)
