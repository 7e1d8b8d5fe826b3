"""All commands in one place: their arguments and what they say of themselves.

A command's work is imported when it is called: `--help` and a slip in an option need neither NumPy nor pydantic.
"""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from autograder.cli.signals import stopped_like_interrupted
from autograder.engine.levels import DEFAULT_MEMORY_MIB, DEFAULT_TIMEOUT, Level


class _Commands(TyperGroup):
    """The commands. Typer would load pydantic to make sure that there is no `--help` before one of them."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option

    def invoke(self, ctx: Any) -> Any:
        with stopped_like_interrupted():
            return super().invoke(ctx)


app = typer.Typer(
    name="autograder",
    cls=_Commands,
    help="Guided deep-learning notebooks, and their autograder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Device(StrEnum):
    """Where student code runs."""

    cpu = "cpu"
    cuda = "cuda"


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Only compare, and show the difference.")] = False,
) -> None:
    """Make notebooks/ from solutions/ in the course in this folder."""
    from autograder.cli.build import build

    build(check)


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    watch: Annotated[bool, typer.Option("--watch", help="Check again every time the notebook is saved.")] = False,
    exercise_key: Annotated[str | None, typer.Option("--exercise", metavar="KEY", help="Check this one only.")] = None,
) -> None:
    """Check your own notebook; ends with status 1 unless everything is right."""
    from autograder.cli.check import check

    check(notebook, watch, exercise_key)


@app.command()
def reset(
    key: Annotated[str, typer.Argument(help="The exercise, such as encoder.")],
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
) -> None:
    """Put an exercise's cell back as it was handed out; your text is kept in a file beside the notebook."""
    from autograder.cli.reset import reset

    reset(key, notebook)


@app.command()
def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, folders with a class's work, or zip files of it.")],
    results_folder: Annotated[Path, typer.Option("--results", help="Folder for the results.")],
    course_folder: Annotated[
        Path | None,
        typer.Option("--course", metavar="DIR", help="Whose release counts; the course here, else the bundled one."),
    ] = None,
    students: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="The class's list (name, id, email, section): who handed in nothing."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Submissions graded side by side.")] = os.cpu_count() or 1,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Grade on the Dask cluster there.")] = None,
    sandbox: Annotated[Level, typer.Option(help="What must be in force; `none` is for your own code.")] = Level.STRICT,
    device: Annotated[Device, typer.Option(help="Where student code runs.")] = Device.cpu,
    timeout: Annotated[float, typer.Option(min=1.0, max=86400.0, help="Seconds for one submission.")] = DEFAULT_TIMEOUT,
    memory: Annotated[
        int, typer.Option(min=256, metavar="MIB", help="Memory for one submission.")
    ] = DEFAULT_MEMORY_MIB,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of every submission's probes.")] = None,
    due: Annotated[str | None, typer.Option(metavar="TIME", help="Later is late, such as 2026-11-20T23:59.")] = None,
    late_penalty: Annotated[
        str | None, typer.Option(metavar="RULE", help="What late work costs: '10% per day, at most 50%'.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has a valid result.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
) -> None:
    """Grade notebooks; every submission gets a result file."""
    from autograder.cli.grade import grade

    grade(
        paths,
        results_folder,
        course_folder=course_folder,
        students=students,
        jobs=jobs,
        dask=dask,
        sandbox=sandbox,
        device=device.value,
        timeout=timeout,
        memory_mib=memory,
        seed=seed,
        force=force,
        quiet=quiet,
        due=due,
        late_penalty=late_penalty,
    )


class Form(StrEnum):
    """Where marks go."""

    csv = "csv"
    gradescope = "gradescope"
    canvas = "canvas"
    moodle = "moodle"
    nbgrader = "nbgrader"


@app.command()
def export(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The results; for Gradescope's autograder the course's folder.")
    ],
    form: Annotated[Form, typer.Option("--to", help="Where the marks go.")],
    output: Annotated[
        Path | None,
        typer.Option(
            *("-o", "--output"),
            metavar="FILE",
            help="What to write; NAME.zip for Moodle's feedback files or Gradescope's autograder.",
        ),
    ] = None,
    students: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="The class's list: who is who, where names do not say.")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Canvas's gradebook or Moodle's grading worksheet, as exported there."),
    ] = None,
    column: Annotated[str | None, typer.Option(metavar="NAME", help="The assignment's column in Canvas.")] = None,
    wheel: Annotated[
        Path | None,
        typer.Option(metavar="FILE.whl", help="This package, for Gradescope's autograder; default: built here."),
    ] = None,
) -> None:
    """Write final marks in the form that a platform takes."""
    from autograder.cli.export import export

    export(folder, form.value, output, students, template, column, wheel)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Results of the earlier grading.")],
    new: Annotated[Path, typer.Argument(help="Results of the later one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Say whose marks differ between two gradings, by how much, and why; status 1 when anything does."""
    from autograder.cli.diff import diff

    diff(old, new, as_json)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="The folder of `grade --results`.")],
    before: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Results of an earlier hand-in: what has been learned since.")
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="The class report without names, for showing to the class.")
    ] = False,
) -> None:
    """Write report.html, on the class, and a feedback page for each student, from results."""
    from autograder.cli.report import report
    from autograder.reports.class_students import Names

    report(folder, before, Names.HIDDEN if anonymous else Names.SHOWN)


@app.command()
def similar(folder: Annotated[Path, typer.Argument(help="The folder of `grade --results`.")]) -> None:
    """Write similar.html, on whose code is alike and how usual that is, from results; pairs to look at, no verdict."""
    from autograder.cli.similar import similar

    similar(folder)


@app.command()
def verify() -> None:
    """Prove the course in this folder: solution full marks, release none, no drift; status 1 when anything is off."""
    from autograder.cli.verify import verify

    verify()


@app.command()
def doctor() -> None:
    """Say what this machine has and what is missing; status 1 when something needed is missing."""
    from autograder.cli.doctor import doctor

    doctor()
