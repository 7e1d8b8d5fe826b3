"""The command line; one file a command."""

import sys

import typer

from autograder.cli import build, check, doctor, grade, reset, verify
from autograder.cli.terminal import complain
from autograder.errors import AutograderError

app = typer.Typer(
    name="autograder",
    help="The guided notebook on autoencoders and VAEs, and its autograder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(build.build)
app.command()(check.check)
app.command()(reset.reset)
app.command()(grade.grade)
app.command()(verify.verify)
app.command()(doctor.doctor)


def main() -> None:
    """Run the command line; an error that we know ends it with one line and the error's exit status."""
    try:
        app()
    except AutograderError as error:
        complain(str(error))
        sys.exit(error.exit_status)
