"""Every text that one operator makes of another by changing it in one place."""

import ast
import copy
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from proof.answers.mutation import expressions, lines
from proof.answers.mutation.names import Names, names_in, stored_by

Operator = Callable[[ast.AST, Names], Iterator[ast.AST]]

OPERATORS: tuple[Operator, ...] = (
    expressions.other_number,
    expressions.other_variable,
    expressions.variable_cut_off,
    expressions.other_attribute,
    expressions.other_arithmetic,
    expressions.half_left_out,
    expressions.sides_swapped,
    expressions.call_left_out,
    expressions.other_call,
    expressions.call_made_twice,
    expressions.argument_left_out,
    expressions.along_an_axis,
    lines.cut_off,
    lines.line_left_out,
    lines.line_twice,
    lines.other_assignment,
    lines.loop_cut_short,
    lines.lines_swapped,
    lines.moved_into_the_loop,
    lines.moved_out_of_the_loop,
)


@dataclass(frozen=True)
class Mutant:
    """A text with one mistake in it.

    Attributes:
        cell: the solution cell that it stands in for.
        operator: what made it.
        was: the lines that it has no more.
        now: the lines that it has instead.
        source: all of it.
    """

    cell: str
    operator: str
    was: str
    now: str
    source: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.was or 'nothing'} → {self.now or 'nothing'}"


def mutants(cell: str, source: str) -> tuple[Mutant, ...]:
    """Every mutant of a solution cell, each text once."""
    tree = ast.parse(source)
    before = ast.unparse(tree)
    made: dict[str, Mutant] = {}
    for node, names in _named(tree, Names(), ()):
        for operator in OPERATORS:
            for other in operator(node, names):
                after = _unparsed(tree, node, other)
                if after not in (before, *made):
                    made[after] = Mutant(cell, operator.__name__, *_difference(before, after), after)
    return tuple(made.values())


def _named(node: ast.AST, names: Names, stored: tuple[str, ...]) -> Iterator[tuple[ast.AST, Names]]:
    """Every node with the names that are known where it stands."""
    if isinstance(node, ast.ClassDef):
        stored = stored_by(node)
    if isinstance(node, ast.FunctionDef):
        names = names_in(node, stored)
    yield node, names
    for child in ast.iter_child_nodes(node):
        yield from _named(child, names, stored)


def _unparsed(tree: ast.Module, node: ast.AST, other: ast.AST) -> str:
    """The tree's text with one node in another's place."""
    swapped = copy.deepcopy(tree, {id(node): other})
    return ast.unparse(ast.fix_missing_locations(swapped))


def _difference(before: str, after: str) -> tuple[str, str]:
    """The lines that are gone and those that are new, without their indentation."""
    told = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    gone, new = ([line[2:].strip() for line in told if line.startswith(sign)] for sign in "-+")
    return "; ".join(gone), "; ".join(new)
