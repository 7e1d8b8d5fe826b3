"""All commands in one place."""

import typer

from autograder.cli import build, check, doctor, grade, reset, verify

app = typer.Typer(
    name="autograder",
    help="Guided deep-learning notebooks, and their autograder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(build.build)
app.command()(check.check)
app.command()(reset.reset)
app.command()(grade.grade)
app.command()(verify.verify)
app.command()(doctor.doctor)
