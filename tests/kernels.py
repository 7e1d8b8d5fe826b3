"""Running cells in a real kernel."""

import os
from typing import Any

import nbformat
from nbclient import NotebookClient


def run_cells(*sources: str) -> list[Any]:
    """Run cells in a fresh kernel; their outputs."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    # One thread: several are up to ten times slower where other tests keep the cores busy.
    NotebookClient(made, timeout=120, kernel_name="python3").execute(env={**os.environ, "OMP_NUM_THREADS": "1"})
    return [cell.outputs for cell in made.cells]
