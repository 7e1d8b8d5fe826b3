import matplotlib as mpl
import pytest
from hypothesis import HealthCheck, settings

from autograder.observing.warm_up import warm_up

# Times are not what the properties are about, and a busy machine should not fail them.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    """What torch warns about while it loads is not the tests' subject."""
    mpl.use("Agg")
    warm_up()
