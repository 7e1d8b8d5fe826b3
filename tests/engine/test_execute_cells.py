"""Running cells as a notebook would, without one."""

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.course.observation import Failure
from autograder.engine.worker.execute import CellTimeout, run_cell, time_budget
from autograder.engine.worker.surroundings import would_define
from autograder.instruments.calling import Workspace
from autograder.submissions.submission import Cell


@pytest.fixture
def workspace() -> Workspace:
    return Workspace({"__name__": "__main__"})


def run(workspace: Workspace, source: str, name: str = "", seconds: float = 20.0) -> Failure | None:
    return run_cell(Cell(source, name), 3, workspace, seconds)


def names_after(workspace: Workspace, source: str) -> dict[str, Any]:
    assert run(workspace, source) is None
    return workspace.names


def test_cells_share_their_names(workspace: Workspace) -> None:
    run(workspace, "def double(x):\n    return factor * x")
    run(workspace, "factor = 2\nresult = double(4)")
    assert workspace.names["result"] == 8


def test_code_runs_as_main(workspace: Workspace) -> None:
    assert names_after(workspace, "if __name__ == '__main__':\n    ran = True")["ran"]


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nx = 1",
        "x = 1\n%timeit sum(range(3))",
        "!pip install torch\nx = 1",
        "x = 1\n!ls | wc",
        "files = !ls\nx = 1",
        "version = %python_version\nx = 1",
        "x = 1\nx?",
        "?print\nx = 1",
        "x = 1\nprint??",
        "%%time\nx = 1",
        "\n  %%timeit -n 3\nx = 1",
        "%%capture out --no-stderr\n%matplotlib inline\nx = 1",
        "%time x = 1",
        "for x in range(2):\n    %time y = x\nassert y == 1",
        "    x = 1\n    y = 2",
        ">>> x = 1",
        "%cd /\nimport os\nbefore = os.getcwd()\n!cd /tmp\nassert os.getcwd() == before\nx = 1",
    ],
)
def test_a_cell_that_runs_in_jupyter_runs(workspace: Workspace, source: str) -> None:
    assert names_after(workspace, source)["x"] == 1


@pytest.mark.parametrize(
    "source",
    ['x = """\n%time y = 1\n!ls\nis it so?\n"""', "x = (7\n % 4)", "x = 7 \\\n  % 4", "# what is this?\nx = 1"],
)
def test_what_only_looks_like_a_magic_is_plain_code(workspace: Workspace, source: str) -> None:
    names = names_after(workspace, source)
    expected: dict[str, Any] = {}
    exec(source, expected)
    assert names["x"] == expected["x"]


@pytest.mark.parametrize("source", ["%%bash\nx = 1", "%%html\n<b>x = 1</b>", "%%js\nx = 1"])
def test_a_cell_in_another_language_does_nothing(
    workspace: Workspace, source: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "x" not in names_after(workspace, source)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "source",
    [
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().run_cell_magic('html', '', '<b>')",
        "get_ipython().system('ls')",
        "get_ipython().set_next_input('x')",
        "get_ipython().ask_exit()",
        "get_ipython().user_ns['y'] = 2\nassert y == 2",
    ],
)
def test_the_shell_answers_to_any_name(workspace: Workspace, source: str) -> None:
    assert run(workspace, source) is None


def test_a_cell_that_raises_keeps_what_it_had_defined(workspace: Workspace) -> None:
    failure = run(workspace, "x = 1\n\ny = x / 0\nz = 2", "encoder")
    assert failure == Failure("cell", "ZeroDivisionError", "division by zero", "y = x / 0", 3)
    assert workspace.names["x"] == 1
    assert "z" not in workspace.names


def test_the_line_of_a_failure_is_the_cells_own(workspace: Workspace) -> None:
    run(workspace, "def risky():\n    # here\n    return {}['key']\n", "helpers")
    failure = run(workspace, "import json\n\nrisky()\n")
    assert failure is not None
    assert (failure.line, failure.line_number) == ("return {}['key']", 3)


@pytest.mark.parametrize(
    ("source", "line", "number"),
    [
        ("x = 1\ny = (2\n", "y = (2", 2),
        ("x = 1\ny = = 2\nz = 3", "y = = 2", 2),
        ("x = 1\n  y = 2", "y = 2", 2),
        ("%%time\nx = 1\ny = = 2", "y = = 2", 3),
        ("%matplotlib inline\nx = 1\ny = = 2", "y = = 2", 3),
    ],
)
def test_a_cell_that_does_not_compile_names_the_line(workspace: Workspace, source: str, line: str, number: int) -> None:
    failure = run(workspace, source)
    assert failure is not None
    assert failure.kind == "cell"
    assert failure.error in ("SyntaxError", "IndentationError")
    assert failure.message
    assert (failure.line, failure.line_number) == (line, number)
    assert "x" not in workspace.names


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("raise SystemExit(3)", "SystemExit"),
        ("import sys\nsys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class Mine(BaseException): pass\nraise Mine", "Mine"),
        ("raise SyntaxError", "SyntaxError"),
        ("raise SyntaxError(3, ('file', None, None, 7))", "SyntaxError"),
        ("x = '\0'", "ValueError|SyntaxError"),
        ("x = '\ud800'", "UnicodeEncodeError"),
        ("def f(): f()\nf()", "RecursionError"),
        ("input()", "EOFError|OSError"),
    ],
)
def test_a_cell_cannot_end_the_worker(workspace: Workspace, source: str, error: str) -> None:
    failure = run(workspace, source)
    assert failure is not None
    assert failure.kind == "cell"
    assert failure.error in error.split("|")
    assert isinstance(failure.line_number, int)


def test_a_failure_is_short_whatever_the_cell_says(workspace: Workspace) -> None:
    failure = run(workspace, "raise ValueError('a' * 10_000) #" + "b" * 10_000)
    assert failure is not None
    assert max(len(failure.message), len(failure.line)) <= 300


@pytest.mark.parametrize(
    "source", ["x = 1\nraise NotImplementedError()", "def f():\n    raise NotImplementedError()\nf()"]
)
def test_a_stub_is_unfinished_and_no_mistake(workspace: Workspace, source: str) -> None:
    workspace = Workspace(workspace.names, given=frozenset({"x = 1"}))
    failure = run(workspace, source, "encoder")
    assert failure is not None
    assert failure.kind == "unfinished"


def test_a_stub_below_own_code_is_left_over(workspace: Workspace) -> None:
    failure = run(workspace, "%%time\ndef f():\n    x = 1\n    raise NotImplementedError()\nf()")
    assert failure is not None
    assert failure.kind == "leftover"


def test_an_endless_loop_runs_out_of_its_time_and_keeps_what_was_there(workspace: Workspace) -> None:
    started = time.monotonic()
    failure = run(workspace, "x = 1\nwhile True:\n    pass", seconds=0.1)
    assert time.monotonic() - started < 5
    assert failure is not None
    assert (failure.kind, failure.error) == ("timeout", "TimeoutError")
    assert workspace.names["x"] == 1


def test_the_time_is_over_for_a_loop_that_passes_over_exceptions(workspace: Workspace) -> None:
    failure = run(
        workspace, "import time\nwhile True:\n    try: time.sleep(9)\n    except Exception: pass", seconds=0.1
    )
    assert failure is not None
    assert failure.kind == "timeout"


def test_the_time_is_over_even_where_it_was_caught_once(workspace: Workspace) -> None:
    source = "import time\ntry: time.sleep(9)\nexcept BaseException: caught = True\ntime.sleep(9)"
    failure = run(workspace, source, seconds=0.1)
    assert workspace.names["caught"]
    assert failure is not None
    assert failure.kind == "timeout"


def test_no_time_is_left_over_for_the_next_cell(workspace: Workspace) -> None:
    assert run(workspace, "x = 1", seconds=0.1) is None
    time.sleep(0.15)
    with time_budget(5.0):
        pass
    with pytest.raises(CellTimeout), time_budget(0.05):
        time.sleep(5)


def test_imports_for_the_future_stay_in_their_cell(workspace: Workspace) -> None:
    run(workspace, "from __future__ import annotations")
    assert names_after(workspace, "def f(x: 1 + 1): ...\nkind = f.__annotations__['x']")["kind"] == 2


def test_files_that_a_cell_writes_are_written_and_run(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(workspace, "%%writefile own.py\nx = 1\n") is None
    assert run(workspace, "%%writefile -a own.py\ny = 2\n") is None
    names = names_after(workspace, "%run -i own.py")
    assert (names["x"], names["y"]) == (1, 2)
    failure = run(workspace, "%run other.py")
    assert failure is not None
    assert (failure.kind, failure.error) == ("surroundings", "FileNotFoundError")


@pytest.mark.parametrize("leave", ["exit()", "quit()", "exit(0)"])
def test_a_cell_that_would_leave_the_kernel_runs_to_its_end(workspace: Workspace, leave: str) -> None:
    assert names_after(workspace, f"{leave}\nx = 1")["x"] == 1


LACKING = {
    "import no_such_module": "module",
    "from math import no_such_name": "module",
    "open('no such file')": "file",
    "import errno\nraise PermissionError(errno.EPERM, 'no')": "file",
    "from urllib.error import URLError\nraise URLError('no')": "network",
    "raise ConnectionResetError": "network",
    "raise AssertionError('Torch not compiled with CUDA enabled')": "gpu",
    "raise RuntimeError('Found no NVIDIA driver on your system.')": "gpu",
    "raise EOFError('EOF when reading a line')": "input",
}
OWN = ["1 / 0", "x = (", "class A:\npass", "raise OSError('no')", "raise EOFError", "def f(x):\nreturn x", "undefined"]


@pytest.mark.parametrize(("source", "lacks"), LACKING.items())
def test_what_the_grader_lacks_is_told_from_a_mistake(workspace: Workspace, source: str, lacks: str) -> None:
    failure = run(workspace, source)
    assert failure is not None
    assert (failure.kind, failure.holds) == ("surroundings", lacks)


@pytest.mark.parametrize("source", OWN)
def test_a_mistake_is_no_lack_of_the_graders(workspace: Workspace, source: str) -> None:
    failure = run(workspace, source)
    assert failure is not None
    assert (failure.kind, failure.holds) == ("cell", "")


NEWER = {
    "type Pair = tuple[int, int]": (3, 12),
    "x = 1\nclass A[T]:\n    pass": (3, 12),
    "async def f[T](x: T): ...": (3, 12),
    "x = {'a': 1}\nprint(f'{x['a']}')": (3, 12),
    "print(f'{chr(10) + '\\n'}')": (3, 12),
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass": (3, 14),
}


@pytest.mark.parametrize(("source", "since"), NEWER.items())
def test_what_a_newer_python_knows_is_no_mistake(workspace: Workspace, source: str, since: tuple[int, int]) -> None:
    failure = run(workspace, source)
    if sys.version_info >= since:
        assert failure is None
    else:
        assert failure is not None
        assert (failure.kind, failure.holds) == ("surroundings", "syntax")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a.b\nfrom c import d as e\nf = g = 1\nh, (i, *j) = k", "a e f g h i j"),
        ("if x:\n    a = 1\nelse:\n    def b(c):\n        d = 1", "a b"),
        ("for a in b:\n    with c as d:\n        class E:\n            f = 1", "a d E"),
        ("!pip install x\na = 1", "a"),
        ("type A = int\nimport b, c as d\nasync def e[T](): ...\nf: int = 1\ng = (", "A b d e f g"),
        ("from a import *\nb = 1", "b *"),
        ("%run a.py", "*"),
        ("", ""),
    ],
)
def test_what_a_cell_would_have_defined_is_known(source: str, names: str) -> None:
    assert would_define(source) == set(names.split())
