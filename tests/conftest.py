import matplotlib as mpl
import pytest

from autograder.observing.warm_up import warm_up


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    """What torch warns about while it loads is not the tests' subject."""
    mpl.use("Agg")
    warm_up()
