"""Stubs in place of solutions, each with its own text."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import nbgrader.preprocessors
from nbformat import NotebookNode

_STUB = re.compile(r"\s*#\s*stub:(?: (?P<text>.*))?\s*$")


class SolutionRegionError(RuntimeError):
    """The lines that begin and end a cell's solution regions do not pair up."""


@dataclass(frozen=True)
class Delimiters:
    """The words that mark the lines around a solution region."""

    begin: str = "BEGIN SOLUTION"
    end: str = "END SOLUTION"


class ClearSolutions(nbgrader.preprocessors.ClearSolutions):  # type: ignore[misc] # nbgrader has no types
    """nbgrader's ``ClearSolutions``, except that a region in a code cell can say which stub takes its place.

    The first lines of a region may be comments ``# stub: z = ...``. What follows ``# stub: `` is the stub, one line for
    each comment, indented like the line that begins the region. A region without them gets ``code_stub``, as always.
    All options are nbgrader's.
    """

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        # The one step of nbgrader's class that knows about regions; whole cells and checks of metadata stay its own.
        if cell.cell_type != "code":
            replaced: bool = super()._replace_solution_region(cell, language)
            return replaced
        delimiters = Delimiters(self.begin_solution_delimeter, self.end_solution_delimeter)
        try:
            cleared = clear_regions(cell.source, self.code_stub[language], delimiters)
        except SolutionRegionError as error:
            self.log.error("%s. Cell contents are:\n%s", error, cell.source)
            raise
        replaced = cleared != cell.source
        cell.source = cleared
        return replaced


def clear_regions(source: str, fallback: str, delimiters: Delimiters = Delimiters()) -> str:
    """The source of a cell with a stub in place of each of its solution regions.

    Args:
        source: what the cell holds.
        fallback: the stub of a region that names none.
        delimiters: how regions are marked.

    Raises:
        SolutionRegionError: a region begins within another, does not end, or ends without having begun.
    """
    return "\n".join(_cleared(source.split("\n"), fallback.split("\n"), delimiters))


def _cleared(lines: list[str], fallback: list[str], delimiters: Delimiters) -> Iterator[str]:
    indent = ""
    region: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        if delimiters.begin in line:
            if region is not None:
                raise SolutionRegionError(f"line {number}: a solution region begins within another")
            indent, region = line[: len(line) - len(line.lstrip())], []
        elif delimiters.end in line:
            if region is None:
                raise SolutionRegionError(f"line {number}: a solution region ends that has not begun")
            yield from ((indent + stub).rstrip() for stub in _stub_lines(region) or fallback)
            region = None
        elif region is not None:
            region.append(line)
        else:
            yield line
    if region is not None:
        raise SolutionRegionError("a solution region does not end")


def _stub_lines(region: list[str]) -> list[str]:
    """What the comments at the beginning of the region say, without what marks them."""
    comments = itertools.takewhile(bool, (_STUB.match(line) for line in region))
    return [comment["text"] or "" for comment in comments if comment]
