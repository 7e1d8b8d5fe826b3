"""The hour: open, check too early, slip, read, ask for hints, mend, train, look, hand in."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from album import Album, Violation
from hour import CHECKS, SLIPS, right_text, wrong_text
from lab_page import LabPage, Outputs

# What can be run after an exercise, in the notebook's order.
GIVEN = {
    "encoder": (),
    "decoder": ("autoencoder",),
    "train": ("run-training", "plots", "plot-autoencoder-latent", "before-after", "plot-autoencoder-reconstructed"),
    "variational_encoder": (),
    "kl": ("variational-autoencoder",),
    "train_vae": (
        "run-vae-training",
        "plot-vae-latent",
        "plot-vae-reconstructed",
        "two-latent-spaces",
        "held-out",
        "new-digits",
    ),
    "interpolate": ("run-interpolation", "two-walks"),
}
TOO_EARLY = ("run-training", "plot-autoencoder-latent", "run-vae-training", "held-out", "run-interpolation")
_SCRATCH = "own-helpers"


@dataclass
class Walk:
    """What was seen on the way, by exercise or by cell."""

    untouched: dict[str, Outputs] = field(default_factory=dict)
    too_early: dict[str, Outputs] = field(default_factory=dict)
    slips: dict[str, Outputs] = field(default_factory=dict)
    hints: dict[str, list[Outputs]] = field(default_factory=dict)
    mended: dict[str, Outputs] = field(default_factory=dict)
    given: dict[str, Outputs] = field(default_factory=dict)
    half_way: Outputs | None = None
    after_restart: dict[str, Outputs] = field(default_factory=dict)
    facts: Outputs | None = None
    first_check_seconds: float = 0.0
    training_seconds: dict[str, float] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)


def walk_the_hour(lab: LabPage, pictures: Path) -> Walk:
    """Walk it, and take pictures."""
    seen, album = Walk(), Album(lab, pictures)
    album.take_top("the notebook, opened", "title")
    _run_what_is_there(lab, album, seen)
    for slip in SLIPS:
        _do_exercise(lab, album, seen, slip.key)
    album.take("before handing in", "progress")
    lab.restart_and_run_all()
    seen.after_restart = lab.all_outputs()
    album.take("restarted, all run", "progress")
    lab.write(_SCRATCH, "from autograder import facts; facts()")
    seen.facts = lab.run(_SCRATCH)
    album.take("facts for a question", _SCRATCH)
    seen.violations = album.violations
    album.close()
    return seen


def _run_what_is_there(lab: LabPage, album: Album, seen: Walk) -> None:
    begun = time.monotonic()
    lab.run("imports")
    for key in CHECKS:
        seen.untouched[key] = lab.run(_check(key))
        seen.first_check_seconds = seen.first_check_seconds or time.monotonic() - begun
    album.take("not attempted yet", _check("encoder"))
    for cell in TOO_EARLY:
        seen.too_early[cell] = lab.run(cell)
    album.take("trained too early", "run-training")


def _do_exercise(lab: LabPage, album: Album, seen: Walk, key: str) -> None:
    slip = next(slip for slip in SLIPS if slip.key == key)
    album.take_top(f"{key}: the task", _task(slip.cell))
    lab.write(slip.cell, wrong_text(slip))
    lab.run(slip.cell)
    seen.slips[key] = lab.run(_check(key))
    album.take(f"{key}: a mistake", _check(key))
    lab.write(_SCRATCH, f'hint("{key}")')
    seen.hints[key] = [lab.run(_SCRATCH) for _ in range(3)]
    album.take(f"{key}: hints", _SCRATCH)
    lab.write(slip.cell, right_text(slip.cell))
    lab.run(slip.cell)
    seen.mended[key] = lab.run(_check(key))
    album.take(f"{key}: mended", _check(key))
    for cell in GIVEN[key]:
        begun = time.monotonic()
        seen.given[cell] = lab.run(cell)
        seen.training_seconds[cell] = time.monotonic() - begun
        if seen.given[cell].text or seen.given[cell].pictures:
            album.take(cell, cell)
    if key == "train":
        seen.half_way = lab.run("progress")


def _check(key: str) -> str:
    return f"test-{key.replace('_', '-')}"


def _task(cell: str) -> str:
    """The text above an exercise's cell."""
    tasks = {"encoder": 1, "decoder": 2, "train": 4, "variational-encoder": 5, "train-vae": 6, "interpolate": 7}
    return f"exercise-{tasks[cell]}"
