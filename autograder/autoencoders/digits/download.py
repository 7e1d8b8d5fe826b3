"""Downloads MNIST in a time that has an end: torchvision's own download waits for ever on a silent network."""

import gzip
import hashlib
import http.client
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 16


class DownloadError(OSError):
    """MNIST could not be downloaded or not be stored; the message is one line that says why."""


@dataclass(frozen=True)
class TimeLimits:
    """How long a download may be silent, and how long it may last in all, in seconds."""

    silence: float = 15.0
    total: float = 300.0


def download_files(
    mirrors: Sequence[str], resources: Sequence[tuple[str, str]], folder: Path, limits: TimeLimits = TimeLimits()
) -> None:
    """Download gzipped files and unpack them into ``folder``; it gets all of them or, when something fails, none.

    Args:
        mirrors: addresses ending in a slash, tried in order for each file.
        resources: file names ending in ``.gz``, with the MD5 sum of each.
        folder: made when it does not exist.
        limits: when to give up.

    Raises:
        DownloadError: no mirror gave a file as it should be within the limits, or the folder cannot be written.
    """
    deadline = time.monotonic() + limits.total
    unpacked = {
        name.removesuffix(".gz"): gzip.decompress(_fetch(mirrors, name, md5, limits.silence, deadline))
        for name, md5 in resources
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Within the folder, so that each file moves into place in one step and is never seen half written.
        with tempfile.TemporaryDirectory(dir=folder) as workplace:
            for name, content in unpacked.items():
                (Path(workplace) / name).write_bytes(content)
            for name in unpacked:
                (Path(workplace) / name).replace(folder / name)
    except OSError as error:
        raise DownloadError(f"{folder} cannot be written: {error.strerror}") from error


def _fetch(mirrors: Sequence[str], name: str, md5: str, silence: float, deadline: float) -> bytes:
    reasons = []
    for mirror in mirrors:
        try:
            content = _read(mirror + name, silence, deadline)
        except (OSError, http.client.HTTPException) as error:
            reasons.append(_one_line(error))
            continue
        # Not for security: it is the sum that torchvision publishes for the file.
        if hashlib.md5(content, usedforsecurity=False).hexdigest() == md5:
            return content
        reasons.append(f"{name} does not have the MD5 sum that it should have")
    raise DownloadError("; ".join(dict.fromkeys(reasons)))


def _read(url: str, silence: float, deadline: float) -> bytes:
    content = bytearray()
    with urllib.request.urlopen(url, timeout=min(silence, _remaining(deadline))) as response:
        # read1 returns after one piece of the stream: a trickle cannot hold it past the deadline.
        while piece := response.read1(_CHUNK):
            content += piece
            _remaining(deadline)
    return bytes(content)


def _one_line(error: Exception) -> str:
    reason = getattr(error, "reason", error)  # URLError wraps what went wrong
    return " ".join(str(getattr(reason, "strerror", None) or reason).split()) or type(error).__name__


def _remaining(deadline: float) -> float:
    if (remaining := deadline - time.monotonic()) <= 0:
        raise TimeoutError("the download took too long")
    return remaining
