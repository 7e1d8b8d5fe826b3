"""The hour: open, check too early, slip, read, ask for hints, mend, train, look, hand in."""

from dataclasses import dataclass, field
from pathlib import Path

from album import Album, Violation
from hour import CHECKS, GIVEN, SLIPS, TOO_EARLY, right_text, wrong_text
from lab_page import LabPage, Outputs

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.drills import drills_of

_SCRATCH = "own-helpers"


@dataclass
class Walk:
    """What was seen on the way, by exercise or by cell."""

    untouched: dict[str, Outputs] = field(default_factory=dict)
    too_early: dict[str, Outputs] = field(default_factory=dict)
    slips: dict[str, Outputs] = field(default_factory=dict)
    hints: dict[str, list[Outputs]] = field(default_factory=dict)
    drill: list[Outputs] = field(default_factory=list)
    mended: dict[str, Outputs] = field(default_factory=dict)
    edited: Outputs | None = None
    given: dict[str, Outputs] = field(default_factory=dict)
    half_way: Outputs | None = None
    after_restart: dict[str, Outputs] = field(default_factory=dict)
    facts: Outputs | None = None
    cpu_seconds: dict[str, float] = field(default_factory=dict)
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
    seen.facts = _scratch(lab, "from autograder import facts; facts()")
    album.take("facts for a question", _SCRATCH)
    seen.violations = album.violations
    album.close()
    spent = "".join(f"{seconds:6.1f}  {cell}\n" for cell, seconds in seen.cpu_seconds.items())
    (pictures / "cpu-seconds.txt").write_text(spent)
    return seen


def _run_what_is_there(lab: LabPage, album: Album, seen: Walk) -> None:
    before = _cpu_seconds(lab)
    lab.run("imports")
    seen.untouched[CHECKS[0]] = lab.run(_check(CHECKS[0]))
    seen.cpu_seconds["imports and first check"] = _cpu_seconds(lab) - before
    for key in CHECKS[1:]:
        seen.untouched[key] = lab.run(_check(key))
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
    seen.hints[key] = [_scratch(lab, f'hint("{key}")') for _ in range(3)]
    album.take(f"{key}: hints", _SCRATCH)
    lab.write(slip.cell, right_text(slip.cell))
    lab.run(slip.cell)
    seen.mended[key] = lab.run(_check(key))
    album.take(f"{key}: mended", _check(key))
    if key == "encoder":
        lab.write(slip.cell, wrong_text(slip))
        lab.save()
        seen.edited = lab.run(_check(key))
        album.take("edited after its run", _check(key))
        lab.write(slip.cell, right_text(slip.cell))
    if key == "kl":
        seen.drill = [_scratch(lab, f"from autograder import drill; drill({args})") for args in _tries(key)]
        album.take("a drill", _SCRATCH)
    for cell in GIVEN[key]:
        before = _cpu_seconds(lab)
        seen.given[cell] = lab.run(cell)
        seen.cpu_seconds[cell] = _cpu_seconds(lab) - before
        if seen.given[cell].text or seen.given[cell].pictures:
            album.take(cell, cell)
    if key == "train":
        seen.half_way = lab.run("progress")


def _scratch(lab: LabPage, text: str) -> Outputs:
    """Type a line into the cell for one's own things, and run it."""
    lab.write(_SCRATCH, text)
    return lab.run(_SCRATCH)


def _cpu_seconds(lab: LabPage) -> float:
    """What the kernel has computed so far; unlike the clock, it hardly depends on what else the machine does."""
    return float(_scratch(lab, "import time; print(time.process_time())").text)


def _tries(key: str) -> list[str]:
    """What is typed into the brackets of a drill: every option, then a look at the next one's code."""
    drill = drills_of(AUTOENCODERS, AUTOENCODERS.exercise(key))[0]
    return [*(f'"{key}", "{letter}"' for letter in drill.options), f'"{key}"']


def _check(key: str) -> str:
    return f"test-{key.replace('_', '-')}"


def _task(cell: str) -> str:
    """The text above an exercise's cell."""
    tasks = {"encoder": 1, "decoder": 2, "train": 4, "variational-encoder": 5, "train-vae": 6, "interpolate": 7}
    return f"exercise-{tasks[cell]}"
