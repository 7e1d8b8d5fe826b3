"""This package as a wheel, to be installed elsewhere."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from autograder.errors import UsageError

_NAME = re.compile(r"autoencoder_autograder-[^-]+-py3-none-any\.whl")
_CHECKOUT = Path(__file__).parents[3]


def given_wheel(path: Path) -> Path:
    """The path, if this package's wheel is there.

    Raises:
        UsageError: there is nothing, or something else.
    """
    if not _NAME.fullmatch(path.name) or not zipfile.is_zipfile(path):
        raise UsageError(f"--wheel {path}: there is no wheel of this package, autoencoder_autograder-….whl")
    return path


def built_wheel(folder: Path) -> Path:
    """The wheel of the checkout that this package runs from, built into a folder.

    Raises:
        UsageError: this is no checkout, or pip cannot build it.
    """
    if not (_CHECKOUT / "pyproject.toml").is_file():
        raise UsageError("this package was not installed from a checkout: give the wheel that it came in, --wheel FILE")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    ended = subprocess.run([*command, str(_CHECKOUT)], capture_output=True, text=True, check=False)
    made = list(folder.glob("*.whl"))
    if ended.returncode or len(made) != 1:
        why = (ended.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise UsageError(f"pip cannot build a wheel of {_CHECKOUT}: {why}; give one with --wheel FILE")
    return made[0]
