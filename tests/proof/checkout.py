"""The checkout that holds the catalogues; the installed package comes without them."""

from pathlib import Path


def checkout() -> Path:
    """The course's checkout, in which this package lies."""
    return Path(__file__).parents[2]
