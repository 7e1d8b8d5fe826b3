"""What the graders and the instructors rely on in the two notebooks."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from autograder.autoencoders.course import AUTOENCODERS

ROOT = Path(__file__).parents[2]

EXERCISES = ("encoder", "decoder", "train", "variational_encoder", "train_vae", "interpolate")
POINTS = {
    "test_encoder": 2,
    "test_decoder": 2,
    "test_train": 2,
    "test_variational_encoder": 3,
    "test_kl": 2,
    "test_train_vae": 2,
    "test_interpolate": 2,
}
DRIVERS = [
    "load_data",
    "run_training",
    "reconstructions_autoencoder",
    "plot_autoencoder_latent",
    "before_after",
    "plot_autoencoder_reconstructed",
    "run_vae_training",
    "reconstructions_vae",
    "plot_vae_latent",
    "plot_vae_reconstructed",
    "two_latent_spaces",
    "held_out",
    "new_digits",
    "elbo_check",
    "run_interpolation",
    "two_walks",
    "progress",
]
GIVEN = ["picture_autoencoder", "autoencoder", "plots", "picture_vae", "variational_autoencoder"]
NAMES = {
    *("Encoder", "Decoder", "Autoencoder", "train", "VariationalEncoder", "VariationalAutoencoder", "train_vae"),
    *("interpolate", "plot_latent", "plot_reconstructed", "data", "device", "latent_dims"),
}
GIVEN_LINES = {
    "encoder": ["class Encoder(nn.Module):", "def __init__(self, latent_dims):", "def forward(self, x):"],
    "decoder": ["class Decoder(nn.Module):", "def forward(self, z):", "return z.reshape((-1, 1, 28, 28))"],
    "train": [
        "def train(autoencoder, data, epochs=20):",
        "opt = torch.optim.Adam(autoencoder.parameters())",
        "for epoch in range(epochs):",
        "for x, y in data:",
        "x = x.to(device)",
        "opt.zero_grad()",
        "x_hat = ...",
        "loss = ...",
        "loss.backward()",
        "opt.step()",
        "return autoencoder",
    ],
    "variational_encoder": ["self.kl = 0", "mu = ...", "sigma = ...", "z = ...", "self.kl = ...", "return z"],
    "train_vae": [
        "def train_vae(vae, data, epochs=20):",
        "x_hat = ...",
        "recon_loss = ...",
        "kl_loss = ...",
        "loss = recon_loss + kl_loss",
        "loss.backward()",
        "opt.step()",
        "return vae",
    ],
    "interpolate": [
        "def interpolate(autoencoder, x_1, x_2, n=12):",
        "z_1 = autoencoder.encoder(x_1)",
        "z_2 = autoencoder.encoder(x_2)",
        "z = ...",
        "interpolate_list = autoencoder.decoder(z)",
        "plt.imshow(img, cmap='gray')",
    ],
}
BOTH = pytest.mark.parametrize("which", ["solution", "release"])


def flags(cell):
    metadata = cell["metadata"]["nbgrader"]
    return {flag for flag in ("grade", "solution", "locked", "task") if metadata[flag]}


@pytest.fixture
def cells(which, request):
    return request.getfixturevalue(f"{which}_cells")


@pytest.fixture
def notebook(which, request):
    return request.getfixturevalue(which)


@BOTH
def test_points_of_the_test_cells(cells):
    points = {name: cell["metadata"]["nbgrader"].get("points") for name, cell in cells.items()}
    assert {name: value for name, value in points.items() if value is not None} == POINTS
    assert sum(POINTS.values()) == 15


@BOTH
def test_every_cell_of_nbgrader_is_known_and_flagged(cells):
    by_flags = {name: flags(cell) for name, cell in cells.items()}
    assert by_flags == {
        **{name: {"solution"} for name in EXERCISES},
        **{name: {"grade", "locked"} for name in POINTS},
        **{name: {"locked"} for name in [*GIVEN, *DRIVERS]},
    }
    assert {cell["metadata"]["nbgrader"]["schema_version"] for cell in cells.values()} == {3}


@BOTH
def test_drivers_are_tagged_and_nothing_else_is(notebook):
    tagged = [cell for cell in notebook["cells"] if "tags" in cell["metadata"]]
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in tagged] == DRIVERS
    assert all(cell["metadata"]["tags"] == ["driver"] for cell in tagged)


@BOTH
def test_test_cells_hold_the_check_and_nothing_else(cells):
    for name in POINTS:
        assert cells[name]["source"] == f'from autograder import check\n\ncheck("{name.removeprefix("test_")}")'


@BOTH
def test_test_cells_follow_their_exercise(notebook):
    graded = [c["metadata"]["nbgrader"]["grade_id"] for c in notebook["cells"] if "nbgrader" in c["metadata"]]
    order = [name for name in graded if name in {*EXERCISES, *POINTS}]
    pairs = list(pairwise(order))
    assert {(name, f"test_{name}") for name in EXERCISES} <= set(pairs)
    assert ("test_variational_encoder", "test_kl") in pairs


@BOTH
def test_import_cell_is_open_and_first(notebook):
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code[0]["source"].startswith(
        "from autograder import check, hint, progress\nfrom autograder.datasets import MNIST\n"
    )
    assert [cell["metadata"] for cell in code[:2]] == [{}, {}]
    assert ast.parse(code[1]["source"]).body == []


@BOTH
def test_data_comes_first_and_can_be_tried(notebook):
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids.index("imports") < ids.index("load-data") < ids.index("try-a-layer") < ids.index("part-1")
    tried = next(cell for cell in notebook["cells"] if cell["id"] == "try-a-layer")
    assert tried["metadata"] == {}
    assert "images, labels = next(iter(data))" in tried["source"]


@BOTH
def test_every_question_has_an_answer_that_is_folded_up(notebook):
    asked = [cell for cell in notebook["cells"] if re.search(r"### What do you notice\?", cell["source"])]
    assert len(asked) == 3
    for cell in asked:
        questions, answers = cell["source"].split("<details><summary>Answers</summary>\n\n")
        assert answers.count("\n- ") + answers.startswith("- ") == questions.count("\n- ")
    for cell in notebook["cells"]:
        assert cell["source"].count("<details>") == cell["source"].count("</details>")


@BOTH
def test_names_that_the_cells_define(notebook):
    defined = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        for node in ast.parse(cell["source"]).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                defined.add(node.name)
            elif isinstance(node, ast.Assign):
                defined |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    assert defined >= NAMES


@BOTH
def test_defaults_and_calls_of_the_seed(notebook):
    code = "\n".join(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    for line in (
        "plt.rcParams['figure.dpi'] = 200",
        "device = 'cuda' if torch.cuda.is_available() else 'cpu'",
        'print(f"Using device: {device}")',
        "latent_dims = 2",
        "batch_size=128",
        "Autoencoder(latent_dims).to(device)",
        "VariationalAutoencoder(latent_dims).to(device)",
        "interpolate(vae, x_1, x_2, n=20)",
        "interpolate(autoencoder, x_1, x_2, n=20)",
        "def plot_latent(autoencoder, data, num_batches=100,",
    ):
        assert line in code
    assert code.count("epochs=5)") == 2


@BOTH
def test_is_a_clean_notebook(notebook):
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    for cell in notebook["cells"]:
        assert re.fullmatch(r"[a-z0-9-]+", cell["id"])
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


@BOTH
def test_pictures_have_alternative_text_and_travel_with_the_notebook(notebook):
    images = [image for cell in notebook["cells"] for image in re.findall(r"<img[^>]*>", cell["source"])]
    assert len(images) == 2
    for image in images:
        assert len(re.search(r'alt="([^"]*)"', image)[1]) > 50
        assert 'src="data:image/svg+xml;base64,' in image
    assert not any("](attachment:" in cell["source"] for cell in notebook["cells"])


@BOTH
def test_every_exercise_says_what_it_is_about(notebook):
    heads = [cell["source"] for cell in notebook["cells"] if cell["source"].startswith("### Exercise ")]
    assert len(heads) == 7
    for head in heads:
        assert re.search(r"\*\*Goal:\*\* .+\n", head)
        assert re.search(r"\d+ minutes", head)
        assert re.search(r"\*\*Read first:\*\* .+\n", head)
        assert re.search(r"\| shape \| `\(", head)
        if "nothing to write" not in head:
            level = int(re.search(r"Difficulty [●○]{3} \((\d) of 3\)", head)[1])
            assert "●" * level + "○" * (3 - level) in head


@BOTH
@pytest.mark.parametrize("known", AUTOENCODERS.exercises, ids=lambda known: known.key)
def test_what_cards_say_to_reread_is_a_heading_of_the_notebook(notebook, known):
    texts = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    headings = [line.lstrip("# ") for text in texts for line in text.splitlines() if line.startswith("#")]
    for part in {known.section, *(check.section for check in known.checks if check.section)}:
        assert headings.count(part) == 1


@BOTH
def test_every_part_has_an_experiment_that_is_optional(notebook):
    experiments = [cell for cell in notebook["cells"] if cell["id"].startswith("experiment-")]
    assert len(experiments) == 4
    for cell in experiments:
        assert cell["cell_type"] == "markdown"
        assert "(optional, never graded)" in cell["source"]
        code = re.search(r"```python\n(.*?)```", cell["source"], flags=re.DOTALL)[1]
        assert ast.parse(code).body


@BOTH
def test_cells_that_train_or_plot_say_what_they_need(cells):
    for name in DRIVERS:
        if name not in ("load_data", "progress"):  # these build on the imports alone
            assert re.search(r'^from autograder\.teaching import .*needs\n\nneeds\("', cells[name]["source"]), name


@BOTH
def test_tables_name_every_column(notebook):
    texts = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    heads = re.findall(r"^(\|.*\|)\n\|[-:|]+\|$", "\n\n".join(texts), flags=re.MULTILINE)
    assert len(heads) == 7
    assert [head for head in heads if re.search(r"\|\s*\|", head)] == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_given_lines_stay_in_the_stub(release_cells, exercise):
    lines = [line.strip() for line in release_cells[exercise]["source"].split("\n")]
    assert [line for line in GIVEN_LINES[exercise] if line not in lines] == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_line_of_a_solution_is_in_the_release(solution_cells, release_cells, exercise):
    source = solution_cells[exercise]["source"]
    regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", source, flags=re.DOTALL)
    lines = {line.strip() for region in regions for line in region.split("\n")}
    secret = {line for line in lines if line and not line.startswith("#")}
    assert secret
    released = {line.strip() for line in release_cells[exercise]["source"].split("\n")}
    assert secret & released == set()


def test_no_trace_of_solution_regions_in_the_release(release):
    text = "\n".join(cell["source"] for cell in release["cells"])
    assert not re.search(r"(BEGIN|END) SOLUTION|# stub", text)


def test_stubs_say_not_implemented_where_there_is_no_name_to_fill(release_cells):
    counts = {name: release_cells[name]["source"].count("raise NotImplementedError()") for name in EXERCISES}
    assert counts == {
        "encoder": 2,
        "decoder": 2,
        "train": 0,
        "variational_encoder": 1,
        "train_vae": 0,
        "interpolate": 0,
    }


def test_release_carries_checksums(release_cells):
    assert all(re.fullmatch(r"[0-9a-f]{32}", c["metadata"]["nbgrader"]["checksum"]) for c in release_cells.values())


def test_release_hinders_accidents(release_cells):
    for cell in release_cells.values():
        assert cell["metadata"]["deletable"] is False
        assert cell["metadata"].get("editable", True) is ("solution" in flags(cell))


@pytest.mark.parametrize("folder", ["solutions", "notebooks"])
def test_notebooks_are_small(folder):
    assert (ROOT / folder / "autoencoders/autoencoders.ipynb").stat().st_size < 150_000
