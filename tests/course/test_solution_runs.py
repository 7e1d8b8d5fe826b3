"""The solution notebook from top to bottom in a kernel of its own."""

import os
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(ROOT / "solutions/autoencoders/autoencoders.ipynb", as_version=4)
    folder = tmp_path_factory.mktemp("elsewhere")
    client = nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""})
    return notebook


def outputs(notebook):
    return [(cell.id, output) for cell in notebook.cells for output in cell.get("outputs", [])]


def text(notebook, cell_id):
    return "".join(output.text for name, output in outputs(notebook) if name == cell_id and "text" in output)


@pytest.mark.slow
def test_nothing_is_written_to_stderr(executed):
    assert [(name, output.text) for name, output in outputs(executed) if output.get("name") == "stderr"] == []


@pytest.mark.slow
def test_solution_earns_full_marks(executed):
    points = [
        float(output.data["text/plain"])
        for name, output in outputs(executed)
        if name.startswith("test-") and output.output_type == "execute_result"
    ]
    assert points == [2, 2, 2, 3, 2, 2, 2]


@pytest.mark.slow
def test_plots_are_drawn(executed):
    drawn = [name for name, output in outputs(executed) if "image/png" in output.get("data", {})]
    assert drawn == [
        "plot-autoencoder-latent",
        "plot-autoencoder-reconstructed",
        "plot-vae-latent",
        "plot-vae-reconstructed",
        "new-digits",
        "run-interpolation",
        "run-interpolation",
    ]


@pytest.mark.slow
def test_training_prints_a_line_for_each_epoch(executed):
    for cell in ("run-training", "run-vae-training"):
        assert re.findall(r"Epoch (\d)/5", text(executed, cell)) == ["1", "2", "3", "4", "5"]


@pytest.mark.slow
def test_unseen_digits_are_drawn_as_well_as_the_notebook_says(executed):
    said = text(executed, "held-out")
    mean, standard, variational = (float(number) for number in re.findall(r": +(\d+\.\d+)", said))
    kl = float(re.search(r"KL (\d+\.\d+)", said)[1])
    assert "2,000 unseen digits" in said
    assert mean == pytest.approx(52.33, abs=0.02)
    assert standard == pytest.approx(39, abs=2)
    assert variational == pytest.approx(41, abs=2)
    assert 2 < kl < 4.5
