"""Loading data in the process itself what a notebook would have helpers load."""

from functools import wraps
from typing import Any

from torch.utils.data import DataLoader

_WORKERS = 5  # the position of `num_workers`
_FOR_WORKERS = ("num_workers", "prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout")


def load_in_process() -> None:
    """From now on, have every ``DataLoader`` of this process do without processes of its own.

    A sandbox has to refuse them; the batches are the same without.
    """
    original = DataLoader.__init__

    @wraps(original)
    def without_workers(self: DataLoader[Any], *given: Any, **options: Any) -> None:
        first = given if len(given) <= _WORKERS else (*given[:_WORKERS], 0, *given[_WORKERS + 1 :])
        original(self, *first, **{name: value for name, value in options.items() if name not in _FOR_WORKERS})

    DataLoader.__init__ = without_workers  # type: ignore[method-assign]
