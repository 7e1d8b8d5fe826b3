"""Figures as pictures with a text for those who cannot see them, in every front end."""

import base64
import io
from html import escape

from matplotlib.figure import Figure


def picture(figure: Figure, description: str, dpi: int = 110) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What to display for a figure, and its metadata.

    JupyterLab shows no alternative text for a plain image, so it gets an ``<img>`` with one; nbconvert reads it from
    the metadata, and a terminal shows the words themselves.
    """
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=dpi)
    encoded = base64.b64encode(png.getvalue()).decode()
    width, height = (round(inches * dpi) for inches in figure.get_size_inches())
    # Width and height keep the page from jumping while a picture is replaced.
    html = (
        f'<img alt="{escape(description)}" width="{width}" height="{height}" style="max-width: 100%; height: auto" '
        f'src="data:image/png;base64,{encoded}">'
    )
    return (
        {"text/html": html, "image/png": encoded, "text/plain": description},
        {"image/png": {"alt": description}},
    )
