"""Pictures that students have pasted into their texts."""

import base64
import io
import warnings

from PIL import Image

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_LARGEST_PICTURE = 8 << 20
_MOST_PIXELS = 50_000_000


def is_picture(kind: str, data: str) -> bool:
    """Whether data in base64 is a picture of the kind that it is said to be, of a size that a browser can show."""
    if kind not in _FORMATS or len(data) > _LARGEST_PICTURE:
        return False
    try:
        content = base64.b64decode(data, validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
                width, height = picture.size
    except Exception:  # a damaged picture raises almost anything
        return False
    return width * height <= _MOST_PIXELS
