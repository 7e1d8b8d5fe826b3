"""An argument that several commands take, and what is said of a wrong one."""

from pathlib import Path

from autograder.errors import UsageError


def notebook_at(path: Path) -> Path:
    """The path, if there is a notebook.

    Raises:
        UsageError: there is nothing, or something else.
    """
    try:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
    except PermissionError:
        raise UsageError(f"{path} cannot be read: permission denied") from None
    if path.is_dir() or path.suffix != ".ipynb":
        raise UsageError(f"{path} is not a notebook (*.ipynb)")
    return path
