"""A figure that a cell draws is shown with its words as alternative text."""

import base64
import io

from matplotlib.figure import Figure
from PIL import Image

from autograder.notebook.figures import bundle, words


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


def test_a_colour_bar_is_no_axis() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.set_ylabel("second dimension")
    figure.colorbar(axes.scatter([0, 1], [0, 1], c=[0, 9]), label="digit")
    assert words(figure) == "Plot. Up: second dimension. Colour: digit."


def test_a_figure_without_words_says_so() -> None:
    assert words(Figure()) == "Plot without a title."


def test_of_a_figure_without_axes_there_is_no_picture() -> None:
    assert bundle(Figure()) == {}


def test_a_fine_figure_is_shown_as_large_as_a_coarse_one() -> None:
    figure = Figure(figsize=(4, 3), dpi=200)
    figure.subplots().set_title("Fine")
    shown = bundle(figure)
    assert 'alt="Plot. Fine."' in shown["text/html"]
    with Image.open(io.BytesIO(base64.b64decode(shown["image/png"]))) as fallback:
        assert fallback.width < 450
        assert f'width="{fallback.width}"' in shown["text/html"]
