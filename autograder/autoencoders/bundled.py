"""Where the files that travel with the package lie: in an installed wheel, or in the checkout beside it."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def bundled(relative: str) -> Path:
    """Path of a file that ships with the course, such as ``notebooks/autoencoders/autoencoders.ipynb``.

    Raises:
        FileNotFoundError: neither the wheel nor the checkout has it, so the installation is incomplete.
    """
    for root in (_PACKAGE / "_bundled", _PACKAGE.parent):
        if (path := root / relative).exists():
            return path
    raise FileNotFoundError(f"{relative} is missing from this installation; install the package again")
