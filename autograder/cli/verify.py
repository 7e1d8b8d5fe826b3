"""``autograder verify``: the course proves itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from autograder.cli.terminal import err, out
from autograder.cli.verify_attacks import no_attack_wins
from autograder.engine.levels import Level
from autograder.errors import UsageError
from autograder.exercises.judgement import Status
from autograder.reports.wording import points
from autograder.verify import page
from autograder.verify.answers import outcomes
from autograder.verify.answers.catalogue import read_answers
from autograder.verify.answers.generated import drawn, read_families
from autograder.verify.answers.mutation.equivalents import read_equivalents
from autograder.verify.answers.spoiled import spoiled
from autograder.verify.checkout import checkout
from autograder.verify.matrix import Matrix, fairness, kill_matrix, mutant_matrix, stability
from autograder.verify.pair import grade_pair

SEEDS = 20
DRAWN = 5000
_GENERATED_SEED = 2
_RIGHT_FOR_A_WRONG = 10
_T = TypeVar("_T")


@dataclass(frozen=True)
class Asked:
    """What is to be proved, and how hard.

    Attributes:
        root: the checkout.
        level: the sandbox that is put to the test.
        seeds: how many seeds each answer is tried on.
        drawn: how many right answers are composed.
    """

    root: Path
    level: Level
    seeds: int
    drawn: int


@dataclass(frozen=True)
class Found:
    """What came of a part: whether all is well, and tables that say so."""

    well: bool
    matrices: tuple[Matrix, ...] = ()


@dataclass(frozen=True)
class Part:
    """Something that the course proves of itself.

    Attributes:
        name: the option that asks for it.
        proves: tries it, and prints what is no table.
        on_page: whether its tables are on the page.
    """

    name: str
    proves: Callable[[Asked], Found]
    on_page: bool = False


def verify(
    pair: Annotated[bool, typer.Option("--pair", help="Only grade the solution and the students' notebook.")] = False,
    answers: Annotated[bool, typer.Option("--answers", help="Only try the catalogue of answers.")] = False,
    mutants: Annotated[bool, typer.Option("--mutants", help="Only try mutants of the solution.")] = False,
    attacks: Annotated[bool, typer.Option("--attacks", help="Only try the catalogue of attacks.")] = False,
    sandbox: Annotated[Level, typer.Option(help="The sandbox that is put to the test.")] = Level.STRICT,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds that each answer is tried on.")] = SEEDS,
    drawn: Annotated[int, typer.Option(min=1, help="Right answers that are composed of parts.")] = DRAWN,
    write: Annotated[bool, typer.Option("--write", help=f"Renew {page.PAGE}.")] = False,
) -> None:
    """Prove the course: solution, wrong and right answers, mutants, attacks; status 1 when anything is off."""
    asked = {"pair": pair, "answers": answers, "mutants": mutants, "attacks": attacks}
    chosen = [part for part in PARTS if asked[part.name]] or PARTS
    root = checkout()
    makes_page = all(part in chosen for part in PARTS if part.on_page) and (seeds, drawn) == (SEEDS, DRAWN)
    if write and not makes_page:
        shown = " and ".join(f"--{part.name}" for part in PARTS if part.on_page)
        raise UsageError(f"--write needs all that {page.PAGE} shows: {shown}, with the usual --seeds and --drawn")
    well = True
    matrices: list[Matrix] = []
    for part in chosen:
        found = part.proves(Asked(root, sandbox, seeds, drawn))
        for matrix in found.matrices:
            _show(matrix)
        well &= found.well
        matrices += found.matrices
    if makes_page:
        well &= _page_stands(root, matrices, write)
    if not well:
        raise typer.Exit(1)


def _pair(asked: Asked) -> Found:
    """The solution earns everything, the students' notebook nothing."""
    solution, stub = grade_pair(asked.root, asked.level)
    for result in (solution, stub):
        told = f"{result.student}: {points(result.points)} of {points(result.max_points)} points"
        out().print(told, markup=False)
    untouched = all(entry.status == Status.NOT_ATTEMPTED.value for entry in stub.exercises)
    return Found(solution.points == solution.max_points and stub.points == 0 and untouched)


def _answers(asked: Asked) -> Found:
    """Every wrong answer is caught and named, every right one accepted, on every seed."""
    # Imports torch, which the other parts do without.
    from autograder.verify.answers.judging import best_device

    here = best_device()
    known = [answer for answer in read_answers(asked.root) if answer.only_on in ("", here)]
    tried = list(_watched("answers", outcomes.over_seeds(known, asked.seeds), len(known)))
    families = read_families(asked.root)
    right_ones = drawn(families, asked.drawn, _GENERATED_SEED)
    wrong_ones = spoiled(families, asked.drawn // _RIGHT_FOR_A_WRONG, _GENERATED_SEED)
    composed = list(_watched("composed", outcomes.over_seeds([*right_ones, *wrong_ones], 1), None))
    wrong = [one for one in tried if not one.answer.right]
    right = [one for one in tried if one.answer.right]
    return _of(
        kill_matrix(wrong, composed[len(right_ones) :], asked.seeds),
        fairness(right, composed[: len(right_ones)], asked.seeds),
        stability(tried),
    )


def _mutants(asked: Asked) -> Found:
    """Every mutant of the solution is caught, or known to be no mistake."""
    known = read_equivalents(asked.root)
    tried = list(_watched("mutants", outcomes.of_mutants(asked.root, known), None))
    return _of(mutant_matrix(tried, known))


def _attacks(asked: Asked) -> Found:
    return Found(no_attack_wins(asked.root, asked.level))


def _of(*matrices: Matrix) -> Found:
    return Found(not any(matrix.faults for matrix in matrices), matrices)


PARTS = [
    Part("pair", _pair),
    Part("answers", _answers, on_page=True),
    Part("mutants", _mutants, on_page=True),
    Part("attacks", _attacks),
]


def _page_stands(root: Path, matrices: Sequence[Matrix], write: bool) -> bool:
    """Whether the committed page says what was found; it is written if asked for."""
    if write:
        page.write(root, matrices)
        return True
    if difference := page.difference(root, matrices):
        out().print(Text(difference), soft_wrap=True)
        out().print(Text(f"{page.PAGE} says something else; run `autograder verify --write`", style="red"))
    return not difference


def _watched(what: str, trials: Iterable[_T], count: int | None) -> Iterator[_T]:
    """The trials, with a progress bar."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        yield from progress.track(trials, total=count)


def _show(matrix: Matrix) -> None:
    table = Table(title=matrix.title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(matrix.columns):
        table.add_column(column, justify="right" if number else "left")
    for row in matrix.rows[:-1]:
        table.add_row(*row)
    table.add_section()
    table.add_row(*matrix.rows[-1], style="bold")
    console = out()
    console.print(table)
    console.print(Text(matrix.remark, style="dim"))
    for fault in matrix.faults:
        console.print(Text(fault, style="red"), soft_wrap=True)
    console.print()
