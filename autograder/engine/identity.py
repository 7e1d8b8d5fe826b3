"""What makes two gradings the same: the grader's digest, the salt, and the seed drawn from them."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.course import draws
from autograder.course.course import Course
from autograder.errors import UsageError

SALT_FILE = "autograder.salt"
_PUBLIC_TEXT = "the public salt of the autoencoder course"
_PACKAGE = Path(__file__).parents[1]
# Their versions decide what student code computes and what probes are drawn.
_DECISIVE = ("numpy", "torch")


@dataclass(frozen=True)
class Salt:
    """What makes the probes of a course unpredictable to its students.

    Attributes:
        text: the salt.
        secret: whether it is the course's own and not the public one.
    """

    text: str
    secret: bool

    @property
    def kind(self) -> str:
        """``own`` or ``public``."""
        return "own" if self.secret else "public"


def read_salt(folder: Path) -> Salt:
    """The salt in a course's folder from its ``autograder.salt``, else the public one.

    Raises:
        UsageError: the file is there and cannot be read.
    """
    path = folder / SALT_FILE
    try:
        if path.exists() and (text := path.read_text(encoding="utf-8").strip()):
            return Salt(text, True)
    except (OSError, UnicodeError) as error:
        why = type(error).__name__
        raise UsageError(f"{path} cannot be read as a line of text ({why}); mend or remove it") from None
    return Salt(_PUBLIC_TEXT, False)


def seed_of(digest: str, salt: Salt) -> int:
    """The seed for what was handed in: the same submission, the same probes."""
    return int(draws.generator(0, "submission", digest, salt.text).integers(0, 2**31))


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
def grader_digest(course: Course) -> str:
    """SHA-256 over the code of this package and of the course, its release, and NumPy's and torch's versions."""
    total = hashlib.sha256(" ".join(installed(package) for package in _DECISIVE).encode())
    for root in dict.fromkeys((_PACKAGE, course.folder)):
        for path in sorted(root.rglob("*.py")):
            total.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    total.update(course.files["notebook"]().read_bytes())
    return total.hexdigest()
