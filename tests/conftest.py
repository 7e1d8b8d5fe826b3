from collections.abc import Iterator

import matplotlib as mpl
import pytest
import torch
from hypothesis import HealthCheck, settings

from autograder.engine.fleet import Fleet
from autograder.instruments.warm_up import warm_up

# Times are not what the properties are about, and a busy machine should not fail them.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    """One thread: several are up to ten times slower where other tests keep the cores busy.

    What torch warns about while it loads is not the tests' subject.
    """
    torch.set_num_threads(1)
    mpl.use("Agg")
    warm_up()


class LastingFleet(Fleet):
    """A fleet that outlives whom it serves: what one test or command leaves is lent to the next."""

    def stop(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture(scope="session")
def fleet() -> Iterator[Fleet]:
    """One fleet for all that is graded in this process: a zygote takes seconds to start."""
    lasting = LastingFleet()
    yield lasting
    Fleet.close(lasting)
