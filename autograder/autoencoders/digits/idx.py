"""Reads IDX files, the format in which MNIST is distributed."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

_UNSIGNED_BYTES = b"\x00\x00\x08"


class IdxError(ValueError):
    """A file is not a complete IDX file of unsigned bytes."""


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """The array of bytes in an IDX file, gzipped where its name ends in ``.gz``; read into memory, nothing is unpacked.

    Raises:
        IdxError: the file is damaged, incomplete, or holds something else than bytes.
        OSError: the file cannot be read.
    """
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise IdxError(f"{path.name} is not a complete gzip file ({error})") from error
    if len(content) < 4 or content[:3] != _UNSIGNED_BYTES:
        raise IdxError(f"{path.name} is not an IDX file of bytes")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise IdxError(f"{path.name} ends within its header")
    shape = tuple(int(size) for size in np.frombuffer(content[4:start], dtype=">u4"))
    if len(content) - start != math.prod(shape):
        raise IdxError(f"{path.name} holds {len(content) - start:,} bytes, its header says {math.prod(shape):,}")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape).copy()
