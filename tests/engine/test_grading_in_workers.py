"""Whole submissions, graded in real worker processes."""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from submissions import Notebook, add, fill, place, right, save

from autograder.course.installed import own_course
from autograder.engine import time_left
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level, missing
from autograder.engine.options import Options
from autograder.judging.verdicts import ExerciseResult
from autograder.reports.result import Result, read_result, to_json
from autograder.submissions.submission import LARGEST_CODE, read_submission

COURSE = own_course()
OPTIONS = Options(course=COURSE, level=Level.BEST, salt=Salt("salt", secret=True), timeout=24.0, memory_mib=2048)


def graded(notebook: Notebook, folder: Path, options: Options, fleet: Fleet) -> Result:
    path = save(notebook, folder / "ada" / "autoencoders" / "autoencoders.ipynb")
    return grade_submission(read_submission(path, "ada", COURSE.key, COURSE.release), options, fleet)


def result_of(result: Result, key: str) -> ExerciseResult:
    return next(one for one in result.exercises if one.key == key)


def message(result: Result, key: str) -> str:
    return " ".join(check.message for check in result_of(result, key).checks)


# What code in a sandbox may try, and what must come of it. `{secret}` and `{outside}` lie outside its folder.
ATTEMPTS = {
    # Inside of bubblewrap there is nothing of that name, and all else is read-only before anybody asks for permission.
    "read a file": ("open({secret!r}).read()", "PermissionError or FileNotFoundError"),
    "read a judge": ("open({judge!r}).read()", "PermissionError"),
    "list a folder": ("__import__('os').listdir({folder!r})", "PermissionError or FileNotFoundError"),
    "read another process": ("open('/proc/1/environ').read()", "PermissionError"),
    "write outside": ("open({outside!r}, 'w')", "PermissionError or OSError or FileNotFoundError"),
    "delete outside": ("__import__('os').unlink({secret!r})", "PermissionError or OSError or FileNotFoundError"),
    "open a socket": ("__import__('socket').socket()", "PermissionError"),
    "open a local socket": ("__import__('socket').socket(1)", "PermissionError"),
    "fork": ("__import__('os').fork()", "PermissionError"),
    "run a program": ("__import__('subprocess').run(['/bin/true'])", "PermissionError"),
    "become a program": ("__import__('os').execv('/bin/true', ['true'])", "PermissionError"),
    "signal the grader": ("__import__('os').kill(__import__('os').getppid(), 0)", "PermissionError"),
    "change a mode": ("open('own', 'w').close(), __import__('os').chmod('own', 0o777)", "PermissionError"),
    "take much memory": ("bytearray(8 << 30)", "MemoryError"),
    "write a huge file": ("open('huge', 'wb').write(bytes(80 << 20))", "OSError"),
    "read the environment": ("__import__('os').environ['AUTOGRADER_TEST_SECRET']", "KeyError"),
    "write to its own folder": ("open('own', 'w').write('mine')", "allowed"),
    "start a thread": ("(t := __import__('threading').Thread()).start(), t.join()", "allowed"),
}
TRY = """
try:
    {code}
except BaseException as error:
    raise RuntimeError({name!r} + ": " + type(error).__name__)
raise RuntimeError({name!r} + ": allowed")
"""


@pytest.fixture(scope="module")
def unruly(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The result of a submission with an exit, an endless loop, a syntax error, and a try at everything forbidden."""
    folder = tmp_path_factory.mktemp("unruly")
    (secret := folder / "secret").write_text("s3cret")
    judge = COURSE.folder / "exercises" / "kl" / "judge.py"
    places = {
        "secret": str(secret),
        "outside": str(folder / "outside"),
        "folder": str(folder),
        "judge": str(judge),
    }
    assert judge.is_file()
    notebook = right()
    fill(notebook, "encoder", "import os\nos._exit(0)\n")
    fill(notebook, "decoder", "while True:\n    pass\n")
    fill(notebook, "train", "def train(autoencoder, data, epochs=20):\n    return (autoencoder\n")
    for name, (attempt, _) in ATTEMPTS.items():
        add(notebook, TRY.format(name=name, code=attempt.format(**places)), after="test_interpolate")
    with pytest.MonkeyPatch.context() as patch, Fleet() as fleet:
        patch.setenv("AUTOGRADER_TEST_SECRET", "s3cret")
        result = graded(notebook, folder, OPTIONS, fleet)
    assert secret.read_text() == "s3cret"
    assert not (folder / "outside").exists()
    return result


@pytest.mark.slow
def test_cells_that_exit_loop_or_do_not_compile_cost_their_own_exercises(unruly: Result) -> None:
    lost = {one.key: (one.status, one.points) for one in unruly.exercises if one.status != "passed"}
    assert lost == {"encoder": ("error", 0), "decoder": ("timeout", 0), "train": ("error", 0)}
    assert unruly.points == 9


@pytest.mark.slow
def test_each_is_told_what_stopped_it(unruly: Result) -> None:
    assert "ended with status 0" in message(unruly, "encoder")
    assert "6 seconds" in message(unruly, "decoder")
    assert "SyntaxError: '(' was never closed" in message(unruly, "train")
    assert "Line 2: `return (autoencoder`" in message(unruly, "train")


@pytest.mark.slow
@pytest.mark.parametrize(("attempt", "outcome"), [(name, outcome) for name, (_, outcome) in ATTEMPTS.items()])
def test_a_sandbox_is_in_force(unruly: Result, attempt: str, outcome: str) -> None:
    if lacking := missing(Level.STRICT, unruly.sandbox["layers"]):
        pytest.skip(f"this machine has no sandbox: {lacking}")
    stopped = f"a cell of your own stopped: RuntimeError: {attempt}: "
    assert any(f"{stopped}{one}" in unruly.warnings for one in outcome.split(" or ")), unruly.warnings


@pytest.mark.slow
def test_the_result_tells_what_it_was_graded_with(unruly: Result) -> None:
    assert unruly.sandbox["level"] == "best"
    assert unruly.sandbox["layers"]["process"] == "on"
    assert set(unruly.environment) == {"python", "torch", "device", "salt"}
    assert (unruly.environment["device"], unruly.environment["salt"]) == ("cpu", "own")
    assert 0 < unruly.cpu_seconds < 200


GRADE = """
import json, sys
from pathlib import Path
from autograder.course.installed import own_course
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.reports.result import to_json
from autograder.submissions.submission import LARGEST_CODE, read_submission
import autograder.cli

course = own_course()
submission = read_submission(Path(sys.argv[1]), "ada", course.key, course.release)
options = Options(course=course, level=Level.BEST, salt=Salt("salt", secret=True), timeout=24.0, memory_mib=2048)
with Fleet() as fleet:
    result = grade_submission(submission, options, fleet)
loaded = sorted(name for name in ("torch", "torchvision", "matplotlib", "nbformat", "IPython") if name in sys.modules)
loaded += [name for name in sys.modules if name.endswith(".judge") and "exercises" in name]
print(json.dumps({"result": to_json(result), "loaded": loaded}))
"""


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, fleet: Fleet) -> tuple[Result, Result, list[str]]:
    """One submission with a mistake, graded here and in another process, and what that process had loaded."""
    folder = tmp_path_factory.mktemp("twice")
    notebook = right()
    source = "".join(notebook["cells"][place(notebook, "train")]["source"])
    fill(notebook, "train", source.replace(".sum()", ".mean()"))
    here = graded(notebook, folder, OPTIONS, fleet)
    path = folder / "ada" / "autoencoders" / "autoencoders.ipynb"
    environment = {**os.environ, "PYTHONHASHSEED": "5", "OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, "-c", GRADE, path], cwd=folder, env=environment, capture_output=True, check=True, timeout=200
    )
    said = json.loads(run.stdout)
    (file := folder / "ada.json").write_text(said["result"], encoding="utf-8")
    return here, read_result(file), said["loaded"]


@pytest.mark.slow
def test_the_same_submission_has_the_same_result(twice: tuple[Result, Result, list[str]]) -> None:
    here, there, _ = twice
    assert to_json(replace(here, cpu_seconds=0)) == to_json(replace(there, cpu_seconds=0))


@pytest.mark.slow
def test_a_mistake_is_looked_at_twice_and_both_seeds_are_told(twice: tuple[Result, Result, list[str]]) -> None:
    here, _, _ = twice
    assert len(here.seeds) == 2
    [wrong] = [one for one in here.exercises if one.status != "passed"]
    assert (wrong.key, wrong.status) == ("train", "partial")
    assert 0 < wrong.points < 2


@pytest.mark.slow
def test_the_grader_loads_nothing_that_runs_student_code_and_no_judge(twice: tuple[Result, Result, list[str]]) -> None:
    assert twice[2] == []


STUBBORN = """
import time
while True:
    try:
        time.sleep(9)
    except BaseException:
        pass
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_no_process_stays_behind_and_time_that_is_used_up_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr(time_left, "GRACE", 1.5)
    mark = uuid.uuid4().hex
    child = (
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', {mark!r}])"
    )
    notebook = fill(add(right(), child, after="test_encoder"), "train", STUBBORN)
    with Fleet() as fleet:
        result = graded(notebook, tmp_path, replace(OPTIONS, level=Level.NONE, timeout=2.0), fleet)
    assert {one.status for one in result.exercises} == {"timeout"}
    assert "the 2 seconds for the whole notebook" in message(result, "encoder")
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [command for command in running if mark.encode() in command]
    assert list(scratch.iterdir()) == []


@pytest.mark.slow
def test_a_course_that_pythonpath_names_is_not_opened(tmp_path: Path) -> None:
    """As ``PYTHONPATH=:$PYTHONPATH`` and ``:/x`` name the folder in which grading is started."""
    course = Path(sys.modules["autograder"].__file__ or "").parents[1]
    assert (course / "solutions" / "autoencoders").is_dir()
    (tmp_path / "autograder.salt").write_text("salt")
    spies = (f"raise RuntimeError(open({str(tmp_path / 'autograder.salt')!r}).read())",
             f"import os\nraise RuntimeError(os.listdir({str(course / 'solutions')!r}))")  # fmt: skip
    notebook = right()
    for spy in spies:
        add(notebook, spy, after="test_encoder")
    path = save(notebook, tmp_path / "ada" / "autoencoders" / "autoencoders.ipynb")
    environment = {**os.environ, "PYTHONPATH": f":/x:{course.parent}:{course}"}
    command = [sys.executable, "-c", GRADE, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=tmp_path)
    result = json.loads(json.loads(run.stdout)["result"])
    if lacking := missing(Level.STRICT, result["sandbox"]["layers"]):
        pytest.skip(f"this machine has no sandbox: {lacking}")
    stopped_by = [warning.split(": ")[1] for warning in result["warnings"]]
    assert stopped_by in (["PermissionError"] * 2, ["FileNotFoundError"] * 2)


@pytest.mark.parametrize("sign", ["\t", "\x01", "ä", "\U0001f600"], ids=["tabs", "controls", "letters", "pictures"])
def test_as_much_code_as_is_read_is_graded_however_it_is_sent(tmp_path: Path, fleet: Fleet, sign: str) -> None:
    """On the way to a worker a character takes up to six bytes."""
    room = LARGEST_CODE - sum(len("".join(cell["source"])) for cell in right()["cells"] if cell["cell_type"] == "code")
    result = graded(add(right(), f"#{sign * (room - 1)}", "encoder"), tmp_path, replace(OPTIONS, timeout=120.0), fleet)
    assert (result.points, result.warnings) == (15.0, ())
    result = graded(add(right(), f"#{sign * room}", "encoder"), tmp_path, OPTIONS, fleet)
    assert (result.points, len(result.warnings)) == (0.0, 1)
    assert "1,048,577 characters of code, more than the 1,048,576 that are read" in result.warnings[0]


def test_what_is_compiled_in_a_notebook_is_run_as_it_is_written(tmp_path: Path, fleet: Fleet) -> None:
    notebook = right()
    for key, decorated in (("encoder", "class Encoder"), ("train", "def train"), ("decoder", "    def forward")):
        cell = notebook["cells"][place(notebook, key)]
        source = "".join(cell["source"])
        blanks = decorated[: len(decorated) - len(decorated.lstrip())]
        options = "(fullgraph=True)" if key == "train" else ""
        cell["source"] = source.replace(decorated, f"{blanks}@torch.compile{options}\n{decorated}", 1)
    added = add(notebook, "model = torch.compile(Encoder(2), mode='reduce-overhead')\nmodel.compile()", "encoder")
    result = graded(added, tmp_path, OPTIONS, fleet)
    assert result.points == result.max_points
    assert [warning for warning in result.warnings if "torch.compile" in warning]


def test_a_class_of_another_name_is_named(tmp_path: Path, fleet: Fleet) -> None:
    notebook = right()
    cell = notebook["cells"][place(notebook, "encoder")]
    cell["source"] = "".join(cell["source"]).replace("Encoder", "MyEncoder")
    result = graded(notebook, tmp_path, OPTIONS, fleet)
    assert "No `Encoder` is defined in its cell; there is `MyEncoder`" in message(result, "encoder")
