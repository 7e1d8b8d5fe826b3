"""The checkout that holds the catalogues; the installed package comes without them."""

from pathlib import Path

from autograder.errors import UsageError

CATALOGUE = "tests/catalogue"


def checkout() -> Path:
    """The course's checkout.

    Raises:
        UsageError: this is none.
    """
    for root in (Path.cwd(), Path(__file__).parents[2]):
        if (root / CATALOGUE).is_dir():
            return root
    raise UsageError(f"there is no {CATALOGUE} here; run it in the course's checkout")
