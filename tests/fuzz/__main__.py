"""``python -m fuzz TARGET``: a reader or a judge, given bytes that coverage guides to where none has been.

    .venv/bin/pip install atheris
    PYTHONPATH=tests .venv/bin/python -m fuzz notebook --seconds 600

Needs atheris, which has wheels for Linux; that it is no dependency keeps installing easy. A target's name is one of
``targets.TARGETS``, or an exercise's key for its judge. Ends with status 1 at the first failure, having written the
bytes that led there; ``--again FILE`` tries them once more.
"""

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

LONGEST_INPUT = 4096


def fuzz(
    target: Annotated[str, typer.Argument(help="A reader's name, or an exercise's key for its judge.")],
    seconds: Annotated[int, typer.Option(min=1, help="How long.")] = 60,
    again: Annotated[Path | None, typer.Option(help="Try the bytes of this file, and nothing else.")] = None,
) -> None:
    """Fuzz one target."""
    import atheris

    with atheris.instrument_imports(include=["autograder"]):
        try_bytes, seeds = _target(target)
    if again is not None:
        try_bytes(again.read_bytes())
        return
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            Path(corpus, str(number)).write_bytes(seed)
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", "-timeout=60", "-rss_limit_mb=4096"]
        atheris.Setup([sys.argv[0], corpus, *options], lambda data: _without_result(try_bytes, data))
        atheris.Fuzz()


def _without_result(try_bytes: Callable[[bytes], object], data: bytes) -> None:
    try_bytes(data)  # libFuzzer refuses other results than none


def _target(name: str) -> tuple[Callable[[bytes], object], list[bytes]]:
    """What tries bytes, and bytes to begin with."""
    from fuzz import targets, test_judges

    if name in targets.TARGETS:
        return targets.TARGETS[name], list(targets.beginnings(name))
    if name in targets.COURSE.keys:
        # Hypothesis makes an observation of the bytes; what coverage guides is then its choices.
        draws = random.Random(0)
        return test_judges.judge_of(name).hypothesis.fuzz_one_input, [draws.randbytes(2048) for _ in range(20)]
    names = ", ".join((*targets.TARGETS, *targets.COURSE.keys))
    raise typer.BadParameter(f"there is no target {name!r}; there are {names}")


if __name__ == "__main__":
    typer.run(fuzz)
