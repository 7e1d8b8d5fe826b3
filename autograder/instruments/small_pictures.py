"""Pictures of figures that take little room in a saved notebook."""

import base64
import io
from dataclasses import dataclass
from html import escape

_COLORS = 128
_QUALITY = 80


@dataclass(frozen=True)
class SmallPicture:
    """A figure as a notebook holds it.

    Attributes:
        html: an ``<img>`` with an alternative text, in full resolution.
        png: the same in base64, as large as it is shown, for front ends without HTML.
    """

    html: str
    png: str


def small_picture(png: bytes, words: str, scale: float = 1.0) -> SmallPicture:
    """Make a figure's PNG small.

    Args:
        png: the figure, as matplotlib has written it.
        words: what it shows, for those who cannot see it.
        scale: by how much it is shown larger than a pixel a point.
    """
    from PIL import Image  # matplotlib brings it, and a notebook that draws nothing does without

    with Image.open(io.BytesIO(png)) as opened:
        full = opened.convert("RGB")
    width, height = (max(1, round(length * scale)) for length in full.size)
    webp, shown = io.BytesIO(), io.BytesIO()
    full.save(webp, "WEBP", quality=_QUALITY)
    small = full if (width, height) == full.size else full.resize((width, height), Image.Resampling.LANCZOS)
    small.quantize(_COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        shown, "PNG", optimize=True
    )
    # Width and height keep the page from jumping while a picture is replaced.
    html = (
        f'<img alt="{escape(words)}" width="{width}" height="{height}" style="max-width: 100%; height: auto" '
        f'src="data:image/webp;base64,{_encoded(webp)}">'
    )
    return SmallPicture(html, _encoded(shown))


def _encoded(written: io.BytesIO) -> str:
    return base64.b64encode(written.getvalue()).decode()
