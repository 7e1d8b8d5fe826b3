"""The command line; one file a command."""

import sys

from autograder.errors import AutograderError

_DISTRIBUTION = "autoencoder-autograder"
_OF_THE_EXTRA = ("typer", "rich", "pydantic", "safetensors", "nbgrader", "nbformat", "watchfiles")


def main() -> None:
    """Run the command line; an error that we know ends it with one line and the error's exit status."""
    if "--version" in sys.argv[1:]:
        from importlib.metadata import version

        print(f"autograder {version(_DISTRIBUTION)}")  # noqa: T201
        sys.exit(0)
    try:
        from autograder.cli.app import app

        app()
    except ModuleNotFoundError as missing:
        if missing.name not in _OF_THE_EXTRA:
            raise
        _complain(f"the command line needs {missing.name}: pip install 'autoencoder-autograder[grade]'", 1)
    except AutograderError as error:
        _complain(str(error), error.exit_status)


def _complain(message: str, status: int) -> None:
    print(f"autograder: {message}", file=sys.stderr)  # noqa: T201 - rich may be what is missing
    sys.exit(status)
