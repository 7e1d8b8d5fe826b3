"""Figures that a notebook draws get an alternative text; front ends show none for a plain picture."""

from html import escape
from typing import TYPE_CHECKING

from autograder.notebook import kernel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def describe_figures() -> None:
    """Have this kernel show every figure with its words as alternative text; outside IPython do nothing."""
    if (running := kernel.shell()) is not None:
        # For the base class: matplotlib's inline backend forgets what is registered for `Figure` itself.
        running.display_formatter.formatters["text/html"].for_type_by_name("matplotlib.figure", "FigureBase", html)


def html(figure: "Figure") -> str | None:
    """A figure as an ``<img>``; ``None`` for one without axes, of which there is no picture."""
    from IPython.core.pylabtools import print_figure

    encoded = print_figure(figure, fmt="png", base64=True)
    return None if encoded is None else f'<img alt="{escape(words(figure))}" src="data:image/png;base64,{encoded}">'


def words(figure: "Figure") -> str:
    """What is written on a figure: its titles and what its axes are called."""
    titles = [figure.get_suptitle(), *(said for axes in figure.axes for said in _written_on(axes))]
    said = ". ".join(dict.fromkeys(title for title in titles if title))
    return f"Plot. {said}." if said else "Plot without a title."


def _written_on(axes: "Axes") -> tuple[str, ...]:
    across, up = axes.get_xlabel(), axes.get_ylabel()
    return axes.get_title(), f"Across: {across}" if across else "", f"Up: {up}" if up else ""
