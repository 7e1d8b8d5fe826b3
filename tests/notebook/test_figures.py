"""A figure that a cell draws is shown with its words as alternative text."""

import pytest
from kernels import run_cells
from matplotlib.figure import Figure

from autograder.notebook.figures import html, words


def test_words_are_the_titles_and_what_the_axes_are_called() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.set(title="Latent space", xlabel="first dimension", ylabel="second dimension")
    assert words(figure) == "Plot. Latent space. Across: first dimension. Up: second dimension."


def test_words_stand_once_for_plots_side_by_side() -> None:
    figure = Figure()
    for axes, title in zip(figure.subplots(1, 2), ("Before", "After"), strict=True):
        axes.set(title=title, xlabel="epochs")
    figure.suptitle("Training")
    assert words(figure) == "Plot. Training. Before. Across: epochs. After."


def test_a_figure_without_words_says_so() -> None:
    assert words(Figure()) == "Plot without a title."


def test_of_a_figure_without_axes_there_is_no_picture() -> None:
    assert html(Figure()) is None


@pytest.mark.slow
def test_plots_in_a_kernel_have_it() -> None:
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('A \"line\"')\nplt.show()"
    (_, plotted) = run_cells("import autograder.notebook", draw)
    (shown,) = (output.data for output in plotted if output.output_type == "display_data")
    assert shown["text/html"].startswith('<img alt="Plot. A &quot;line&quot;." src="data:image/png;base64,')
    assert "image/png" in shown
