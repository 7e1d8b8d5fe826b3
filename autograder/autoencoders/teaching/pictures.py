"""Figures as pictures with a text for those who cannot see them, in every front end."""

import io

from matplotlib.figure import Figure

from autograder.instruments.small_pictures import small_picture


def picture(figure: Figure, description: str, dpi: int = 110) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What to display for a figure, and its metadata.

    JupyterLab shows no alternative text for a plain image, so it gets an ``<img>`` with one; nbconvert reads it from
    the metadata, and a terminal shows the words themselves.
    """
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=dpi)
    small = small_picture(png.getvalue(), description)
    return (
        {"text/html": small.html, "image/png": small.png, "text/plain": description},
        {"image/png": {"alt": description}},
    )
