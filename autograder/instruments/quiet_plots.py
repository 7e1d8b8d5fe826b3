"""Letting student code plot without a figure showing up or staying behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib.pyplot as plt

_HARMLESS = {"figsize", "dpi"}
_prepared: list[int | str] = []


def prepare() -> None:
    """Leave a figure with axes open for ``quiet_plots`` to hand out: making axes takes longer than all drawing on them.

    For processes without figures of their own.
    """
    _prepared[:] = [plt.figure().number]
    plt.gca()


@contextmanager
def quiet_plots() -> Iterator[None]:
    """Figures made inside are closed at the end, ``plt.show`` does nothing, settings are put back."""
    before, show, figure = set(plt.get_fignums()), plt.show, plt.figure
    current = plt.gcf().number if before else None
    plt.show = lambda *_args, **_kwargs: None
    plt.figure = _handing_out(figure)
    try:
        with plt.rc_context(), plt.ioff():
            yield
    finally:
        plt.show, plt.figure = show, figure
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
        if current is not None and plt.fignum_exists(current):
            plt.figure(current)


def _handing_out(figure: Callable[..., Any]) -> Callable[..., Any]:
    """``plt.figure``, which gives the prepared figure in place of a new one that is nothing special."""

    def handed_out(*args: Any, **kwargs: Any) -> Any:
        kept = next(filter(plt.fignum_exists, _prepared), None)
        return figure(*args, **kwargs) if args or kept is None or kwargs.keys() - _HARMLESS else figure(kept)

    return handed_out
