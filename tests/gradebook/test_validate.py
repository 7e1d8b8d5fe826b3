"""nbgrader's Validate says what the cards say, and trains nothing."""

from pathlib import Path

import nbformat
import pytest
from nbgrader.validator import Validator

from autograder.autoencoders.course import AUTOENCODERS

CELLS = ["imports", "load-data", "encoder", "test-encoder", "decoder", "test-decoder", "autoencoder"]
TRAINING = ["train", "test-train", "run-training", "variational-encoder", "test-kl"]
SOLUTION = Path(__file__).parents[2] / "solutions/autoencoders/autoencoders.ipynb"


@pytest.mark.slow
def test_validate_agrees_with_the_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    notebook = nbformat.read(AUTOENCODERS.files["notebook"](), as_version=4)
    solution = {cell.id: cell.source for cell in nbformat.read(SOLUTION, as_version=4).cells}
    notebook.cells = [cell for cell in notebook.cells if cell.id in (*CELLS, *TRAINING)]
    by_id = {cell.id: cell for cell in notebook.cells}
    for right in ("encoder", "train"):
        by_id[right].source = solution[right]
    by_id["decoder"].source = solution["decoder"].replace("F.relu(self.linear1(z))", "self.linear1(z)")
    # nothing in that cell goes on below its call of `needs`
    training = by_id["run-training"]
    training.source = training.source.replace("\n\n# Set", "\n\nopen('trained', 'w').close()\n# Set")
    training.metadata.pop("nbgrader")
    path = tmp_path / "autoencoders.ipynb"
    nbformat.write(notebook, path)
    failed = {one["source"]: one["raw_error"] for one in Validator().validate(str(path))["failed"]}
    said = {source.split('"')[1]: error for source, error in failed.items()}
    assert list(said) == ["decoder", "kl"]
    assert said["decoder"].startswith("Decoder: partly right, 1.25 of 2")
    assert said["kl"].startswith("KL divergence: not attempted yet, 0 of 2")
    assert "open('trained'" in training.source
    assert not (tmp_path / "trained").exists()
