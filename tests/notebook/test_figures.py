"""A figure that a cell draws is shown with its words as alternative text."""

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
