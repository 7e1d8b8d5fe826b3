"""Running cells in a real kernel."""

import os
from typing import Any

import nbformat
from nbclient import NotebookClient


def that_stops(source: str) -> Any:
    """A cell that may stop with an error, and the next ones run."""
    return nbformat.v4.new_code_cell(source, metadata={"tags": ["raises-exception"]})


def run_cells(*sources: str | nbformat.NotebookNode) -> list[Any]:
    """Run cells in a fresh kernel; their outputs."""
    cells = [nbformat.v4.new_code_cell(source) if isinstance(source, str) else source for source in sources]
    made = nbformat.v4.new_notebook(cells=cells)
    # One thread: several are up to ten times slower where other tests keep the cores busy.
    NotebookClient(made, timeout=120, kernel_name="python3").execute(env={**os.environ, "OMP_NUM_THREADS": "1"})
    return [cell.outputs for cell in made.cells]
