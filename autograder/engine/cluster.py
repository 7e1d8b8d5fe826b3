"""Grading on a Dask cluster, whose workers have this package installed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from autograder.engine.grader import grade_submission
from autograder.engine.options import Options
from autograder.errors import UsageError
from autograder.reading.submission import Submission
from autograder.results import Result


class Cluster:
    """Grades on the workers of a Dask cluster; submissions travel whole, so no file system is shared."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, submission: Submission, options: Options) -> "Future[Result]":
        """Begin grading a submission."""
        future: Future[Result] = self._client.submit(grade_submission, submission, options, pure=False)
        return future

    def completed(self, futures: Sequence["Future[Result]"]) -> Iterator["Future[Result]"]:
        """The futures in the order in which they end."""
        from distributed import as_completed

        yield from as_completed(futures)


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """A place on the cluster with that scheduler address.

    Raises:
        UsageError: Dask is not installed, or nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("`--dask` needs Dask: pip install 'autoencoder-autograder[dask]'") from None
    try:
        client = Client(address, timeout="15s")
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from None
    try:
        yield Cluster(client)
    finally:
        client.close()
