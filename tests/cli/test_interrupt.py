"""Ctrl-C in the middle of a run, and what stops it as that does."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from submissions import fill, right, save

from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.job import job
from autograder.engine.options import Options
from autograder.reports.result import Result
from autograder.submissions.submission import Submission

GRADE = ["grade", "class", "--results", "results", "--sandbox", "best"]
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")


def processes(mark: str) -> list[str]:
    """The commands of all processes that were started with that mark in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "environ").read_bytes():
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stopped_run_keeps_what_it_has_and_goes_on_from_there(
    autograder: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "autograder.salt").write_text("a line of random text\n")
    # The first ends at once, since it cannot be read; the second would take minutes.
    first = save({}, tmp_path / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    endless = "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass\n"
    save(fill(right(), "encoder", endless), tmp_path / "class" / "bea" / "autoencoders" / "autoencoders.ipynb")
    (scratch := tmp_path / "scratch").mkdir()
    mark = str(scratch)
    run = subprocess.Popen(
        [*COMMAND, *GRADE, "--jobs", "1", "--timeout", "600"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has them ignore Ctrl-C, and `nohup` a terminal that is closed.
        preexec_fn=lambda: signal.signal(getattr(signal, name), signal.SIG_DFL),
    )
    try:
        assert run.stderr is not None
        assert run.stderr.readline() == "ada: 0 of 15\n"
        while not any("autograder.engine.worker.zygote" in command for command in processes(mark)):
            assert run.poll() is None
            time.sleep(0.1)
        time.sleep(0.5)
        run.send_signal(getattr(signal, name))
        out, err = run.communicate(timeout=30)
    finally:
        run.kill()
    assert run.returncode == 130
    assert err == ("autograder: stopped; 1 of 2 graded and kept in results. The same command goes on from there\n")
    assert out == ""
    assert processes(mark) == []
    assert list(scratch.iterdir()) == []
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["ada.json"]
    assert json.loads((tmp_path / "results" / "ada.json").read_text())["student"] == "ada"
    assert first.is_file()

    graded: list[str] = []

    def note(submission: Submission, options: Options, fleet: Fleet) -> Result:
        graded.append(submission.student)
        return grade_submission(replace(submission, problem="-"), options, fleet)

    monkeypatch.setattr(job, "grade_submission", note)
    ended = autograder(*GRADE, "--jobs", "1")
    assert (ended.status, graded) == (0, ["bea"])
