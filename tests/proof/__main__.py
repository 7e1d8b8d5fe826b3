"""``python -m proof``: tables of what was proved, and an exit status to build on."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from autograder.cli.terminal import complain, out
from autograder.engine.levels import Level
from autograder.errors import AutograderError, UsageError
from proof import page
from proof.answers.trials import trial_pool
from proof.checkout import checkout
from proof.matrix import Matrix
from proof.parts import PARTS, Settings
from proof.tables import show_matrix

SEEDS = 10
# Every two choices that go together are in one of them, which a test holds; twice as many prove little more.
COMPOSED = 2500

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def prove(
    answers: Annotated[bool, typer.Option("--answers", help="Only try the catalogue of answers.")] = False,
    mutants: Annotated[bool, typer.Option("--mutants", help="Only try mutants of the solution.")] = False,
    attacks: Annotated[bool, typer.Option("--attacks", help="Only try the catalogue of attacks.")] = False,
    sandbox: Annotated[Level, typer.Option(help="The sandbox that is put to the test.")] = Level.STRICT,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds that each answer is tried on.")] = SEEDS,
    composed: Annotated[int, typer.Option(min=1, help="Right answers that are composed of parts.")] = COMPOSED,
    write: Annotated[bool, typer.Option("--write", help=f"Renew {page.PAGE}.")] = False,
) -> None:
    """Prove the grader on wrong and right answers, mutants and attacks; status 1 when anything is off."""
    asked = {"answers": answers, "mutants": mutants, "attacks": attacks}
    chosen = [part for part in PARTS if asked[part.name]] or PARTS
    makes_page = all(part in chosen for part in PARTS if part.on_page) and (seeds, composed) == (SEEDS, COMPOSED)
    if write and not makes_page:
        shown = " and ".join(f"--{part.name}" for part in PARTS if part.on_page)
        raise UsageError(f"--write needs all that {page.PAGE} shows: {shown}, with the usual --seeds and --composed")
    holds = True
    matrices: list[Matrix] = []
    with trial_pool() as pool:
        settings = Settings(checkout(), sandbox, seeds, composed, pool)
        for part in chosen:
            result = part.prove(settings)
            for matrix in result.matrices:
                show_matrix(matrix)
            holds &= result.holds
            matrices += result.matrices
    if makes_page:
        holds &= _is_on_page(settings.root, matrices, write)
    if not holds:
        raise typer.Exit(1)


def _is_on_page(root: Path, matrices: Sequence[Matrix], write: bool) -> bool:
    """Whether the committed page says what was found; it is written if asked for."""
    if write:
        page.write(root, matrices)
        return True
    if difference := page.difference(root, matrices):
        out().print(Text(difference), soft_wrap=True)
        out().print(Text(f"{page.PAGE} says something else; renew it with --write", style="red"))
    return not difference


def main() -> None:
    """Run the command line; an error that we know ends it with one line and the error's exit status."""
    try:
        app()
    except AutograderError as error:
        complain(str(error))
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
