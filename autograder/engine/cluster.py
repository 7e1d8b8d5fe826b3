"""Grading on a Dask cluster, whose workers have this package installed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.options import Options
from autograder.errors import UsageError
from autograder.reports.result import Result
from autograder.submissions.submission import Submission

_FLEET = "autograder-fleet"


def _graded(submission: Submission, options: Options) -> Result:
    """Grade on the machine of the Dask worker that this runs on, with the fleet that it keeps."""
    from distributed import get_worker

    keeper: Any = get_worker().plugins[_FLEET]
    return grade_submission(submission, options, keeper.fleet)


class Cluster:
    """Grades on the workers of a Dask cluster; submissions travel whole, so no file system is shared."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, submission: Submission, options: Options) -> "Future[Result]":
        """Begin grading a submission."""
        future: Future[Result] = self._client.submit(_graded, submission, options, pure=False)
        return future

    def completed(self, futures: Sequence["Future[Result]"]) -> Iterator["Future[Result]"]:
        """The futures in the order in which they end."""
        from distributed import as_completed

        yield from as_completed(futures)


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """The cluster with that scheduler address as a backend.

    Raises:
        UsageError: Dask is not installed, or nobody answers there.
    """
    try:
        from distributed import Client, WorkerPlugin
    except ImportError:
        raise UsageError("`--dask` needs Dask: pip install 'autoencoder-autograder[dask]'") from None

    class KeepFleet(WorkerPlugin):
        """Gives each Dask worker a fleet, so that its zygotes are started once."""

        name = _FLEET

        def setup(self, worker: Any) -> None:  # noqa: ARG002 - Dask passes it by name
            self.fleet = Fleet()

        def teardown(self, worker: Any) -> None:  # noqa: ARG002
            self.fleet.close()

    try:
        client = Client(address, timeout="15s")
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from None
    try:
        client.register_plugin(KeepFleet())
        yield Cluster(client)
    finally:
        client.unregister_worker_plugin(_FLEET)
        client.close()
