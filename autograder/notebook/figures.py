"""Figures that a notebook draws get an alternative text, and fit on a page and into a file."""

from typing import TYPE_CHECKING, Any

from autograder.instruments.small_pictures import small_picture
from autograder.notebook import kernel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHOWN_DPI = 100  # a screen's pixels for an inch of the figure; what is drawn finer than that is shown sharper


def describe_figures() -> None:
    """Have this kernel show every figure with its words as alternative text; outside IPython do nothing."""
    if (running := kernel.shell()) is not None:
        formatter = running.display_formatter.mimebundle_formatter
        formatter.for_type_by_name("matplotlib.figure", "FigureBase", bundle)


def bundle(figure: "Figure", include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG001 - IPython's own
    """A figure for every front end; nothing for one without axes, of which there is no picture."""
    from IPython.core.pylabtools import print_figure

    png = print_figure(figure, fmt="png")
    if png is None:
        return {}
    if (running := kernel.shell()) is not None:
        # The inline backend's own, registered with the first plot, would come before the small one.
        running.display_formatter.formatters["image/png"].pop(type(figure), None)
    said = words(figure)
    small = small_picture(png, said, min(1.0, _SHOWN_DPI / figure.dpi))
    return {"text/html": small.html, "image/png": small.png, "text/plain": said}


def words(figure: "Figure") -> str:
    """What is written on a figure: its titles and what its axes are called."""
    titles = [figure.get_suptitle(), *(said for axes in figure.axes for said in _written_on(axes))]
    said = ". ".join(dict.fromkeys(title for title in titles if title))
    return f"Plot. {said}." if said else "Plot without a title."


def _written_on(axes: "Axes") -> tuple[str, ...]:
    across, up = axes.get_xlabel(), axes.get_ylabel()
    if axes.get_label() == "<colorbar>":  # as matplotlib calls it
        return (f"Colour: {up or across}" if up or across else "",)
    return axes.get_title(), f"Across: {across}" if across else "", f"Up: {up}" if up else ""
