"""What makes two gradings the same: the grader's digest, the salt, and the seed drawn from them."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import autograder
from autograder import probes
from autograder.bundled import bundled
from autograder.errors import UsageError
from autograder.reading.released import ASSIGNMENT, NOTEBOOK

SALT_FILE = "autograder.salt"
PUBLIC_SALT = "graded with the public salt: students can know the probes"
_PUBLIC_TEXT = "the public salt of the autoencoder course"


@dataclass(frozen=True)
class Salt:
    """What makes the probes of a course unpredictable to its students.

    Attributes:
        text: the salt.
        secret: whether it is the course's own and not the public one.
    """

    text: str
    secret: bool


def read_salt(course: Path) -> Salt:
    """The course's salt from its ``autograder.salt``, else the public one.

    Raises:
        UsageError: the file is there and cannot be read.
    """
    path = course / SALT_FILE
    try:
        if path.exists() and (text := path.read_text(encoding="utf-8").strip()):
            return Salt(text, True)
    except (OSError, UnicodeError) as error:
        why = type(error).__name__
        raise UsageError(f"{path} cannot be read as a line of text ({why}); mend or remove it") from None
    return Salt(_PUBLIC_TEXT, False)


def seed_of(digest: str, salt: Salt) -> int:
    """The seed for what was handed in: the same submission, the same probes."""
    return int(probes.generator(0, "submission", digest, salt.text).integers(0, 2**31))


@cache
def installed(package: str) -> str:
    """The installed version of a package, without importing it; ``missing`` where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


@cache
def grader_version() -> str:
    """This package's version."""
    return installed("autoencoder-autograder")


@cache
def grader_digest() -> str:
    """SHA-256 over this package's code, the released notebook and NumPy's version."""
    root = Path(autograder.__file__).parent
    total = hashlib.sha256(installed("numpy").encode())
    for path in sorted(root.rglob("*.py")):
        total.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    total.update(bundled(f"notebooks/{ASSIGNMENT}/{NOTEBOOK}").read_bytes())
    return total.hexdigest()
