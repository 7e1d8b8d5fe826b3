"""What a person should look at, told from a submission's text."""

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest
from answers import Answer, answers
from hypothesis import given
from hypothesis import strategies as st
from submissions import ROOT, Notebook, add, code, fill, right, save

from autograder.reading.evidence import FOR_REVIEW, Evidence, Kind, find_evidence, review_lines
from autograder.reading.released import released
from autograder.reading.submission import Cell, Submission, read_submission


def submission(added: Sequence[str] = (), **solutions: str) -> Submission:
    """The released notebook with these texts in its solution cells and these cells at its end."""
    cells = [
        Cell(solutions.get(cell.grade_id, cell.source), cell.grade_id) if cell.solution else Cell(cell.source)
        for cell in released().cells
        if not cell.driver and not cell.graded
    ]
    return Submission("ada", "autoencoders", Path("a.ipynb"), (*cells, *map(Cell, added)))


def seen_in(*added: str) -> list[str]:
    return [one.seen for one in find_evidence(submission(added), released())]


def seen_in_notebook(folder: Path, notebook: Notebook) -> list[Evidence]:
    path = save(notebook, folder / "a.ipynb")
    return list(find_evidence(read_submission(path, "ada", "autoencoders", released()), released()))


def encoder(init: str, forward: str) -> str:
    return (
        "class Encoder(nn.Module):\n"
        f"    def __init__(self, latent_dims):\n        super().__init__()\n        {init}\n\n"
        f"    def forward(self, x):\n        return {forward}\n"
    )


WITHOUT = encoder("self.size = latent_dims", "x.flatten(1)[:, : self.size] * 2")


@pytest.mark.parametrize("answer", answers(), ids=str)
def test_no_answer_of_the_catalogue_right_or_wrong_is_suspected(answer: Answer) -> None:
    cell = "variational_encoder" if answer.exercise == "kl" else answer.exercise
    assert find_evidence(submission(**{cell: answer.source}), released()) == ()


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("examples/submitted/*/*/*.ipynb")) + sorted(ROOT.glob("*/autoencoders/*.ipynb")), ids=str
)
def test_no_notebook_of_the_course_is_suspected(path: Path, tmp_path: Path) -> None:
    assert find_evidence(read_submission(path, "ada", "autoencoders", released()), released()) == ()
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    assert seen_in_notebook(tmp_path, notebook) == []


HARMLESS = [
    "import os\nos.makedirs('figures', exist_ok=True)\nos.path.join('a', 'b')\nos.listdir()",
    "import os\nos.environ['KMP_DUPLICATE_LIB_OK'] = 'TRUE'\nos.environ.setdefault('CUDA_VISIBLE_DEVICES', '0')",
    "import os\nif 'COLAB_GPU' in os.environ or os.environ.get('KAGGLE_KERNEL_RUN_TYPE'):\n    pass",
    "import sys\nIN_COLAB = 'google.colab' in sys.modules\nsys.path.append('..')",
    "import gc\ngc.collect()\ntorch.cuda.empty_cache()",
    "import time, random, copy, math, warnings, inspect\nwarnings.simplefilter('ignore')\ninspect.signature(train)",
    "from pathlib import Path\nprint(Path('notes.txt').read_text())\nopen('notes.txt').read()\nopen('notes.txt', 'rb')",
    "plt.savefig('latent.png')\ntorch.save(1, 'a.pt')\nnp.save('w.npy', np.zeros(3))\nplt.rcParams['figure.dpi'] = 100",
    "torch.backends.cudnn.deterministic = True\ntorch.backends.cuda.matmul.allow_tf32 = False\ntorch.manual_seed(0)",
    "import ssl\nssl._create_default_https_context = ssl._create_unverified_context",
    "import re\nre.compile('a')\nmodel = Encoder(2)\nmodel.eval()\nmodel = torch.compile(model)\nmodel.name = 'e'",
    "if __name__ == '__main__':\n    print(__name__)",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "%matplotlib inline\n!pip install subprocess\n%time train(autoencoder, data)\nfiles = !ls\ntrain?",
    "%%bash\nimport ctypes\necho exec",
    "import autograder\nautograder.check('kl')\nfrom autograder.datasets import MNIST\nfrom autograder import hint",
    "import multiprocessing, importlib\nworkers = multiprocessing.cpu_count()\nimportlib.reload(np)",
    "def compile(x):\n    return x\n\ncompile(3)",
    "signal = torch.sin(torch.linspace(0, 1, 9))\nprint(signal.shape)\nresource = signal",
    "print('👨‍🔬 μ, σ, שלום\u200f')  # \ufeff zero\u200bwidth from the web",
    "'''" + "What do I notice? The digits lie in groups, and some of them overlap. " * 90 + "'''",
    "matrix = [" + "0.5, " * 300 + "]",
    "print('\\d')  # an escape that Python remarks on",
    "from IPython.display import display, clear_output, Image",
    "import pdb\nprint(sys.version, sys.executable)\nfile = sys.stderr",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_common_harmless_lines_are_not_suspected(text: str) -> None:
    assert seen_in(text) == []


SUSPECT = [
    ("import gc\nfor o in gc.get_objects(): pass", 2, "it reaches for `gc.get_objects`", Kind.GRADER),
    ("from gc import get_objects", 1, "it imports `gc.get_objects`", Kind.GRADER),
    ("import gc as g\nx = getattr(g, 'get_objects')", 2, "it names `get_objects`", Kind.GRADER),
    ("from autograder import probes", 1, "it imports `autograder.probes`", Kind.GRADER),
    ("import autograder.exercises.kl.judge as j", 1, "it imports `autograder.exercises`", Kind.GRADER),
    ("import autograder\nautograder.oracle", 2, "it reaches for `autograder.oracle`", Kind.GRADER),
    ("m = sys.modules", 1, "it reaches for `sys.modules`", Kind.GRADER),
    ("import sys as s\ns._getframe(1)", 2, "it reaches for `sys._getframe`", Kind.GRADER),
    ("x = vars(sys)", 1, "it hands on the whole module `sys`", Kind.GRADER),
    ("import inspect\ninspect.stack()", 2, "it reaches for `inspect.stack`", Kind.GRADER),
    ("from inspect import currentframe as f", 1, "it imports `inspect.currentframe`", Kind.GRADER),
    ("().__class__.__base__.__subclasses__()", 1, "it reaches for `__subclasses__`", Kind.GRADER),
    ("train.__globals__['x']", 1, "it reaches for `__globals__`", Kind.GRADER),
    ("f = 1\nf.f_back", 2, "it reaches for `f_back`", Kind.GRADER),
    ("sys.settrace(print)", 1, "it reaches for `sys.settrace`", Kind.GRADER),
    ("torch.allclose = lambda *a: True", 1, "it changes `torch.allclose`", Kind.GRADER),
    ("np.testing.assert_allclose = print", 1, "it changes `numpy.testing.assert_allclose`", Kind.GRADER),
    ("nn.Module.__call__ = print", 1, "it changes `torch.nn.Module.__call__`", Kind.GRADER),
    ("for F.relu in [print]: pass", 1, "it changes `torch.nn.functional.relu`", Kind.GRADER),
    ("setattr(torch, 'randn', print)", 1, "it changes `torch`", Kind.GRADER),
    ("torch.__dict__['randn'] = print", 1, "it reaches for `torch.__dict__`", Kind.GRADER),
    ("import builtins", 1, "it imports `builtins`", Kind.GRADER),
    ("__builtins__", 1, "it reaches for `__builtins__`", Kind.GRADER),
    ("a = Encoder(2)\na.__class__ = int", 2, "it changes an object's `__class__`", Kind.GRADER),
    ("class A:\n    def state_dict(self): ...", 1, "its class `A` defines `state_dict` anew", Kind.GRADER),
    ("from torch.overrides import TorchFunctionMode", 1, "it imports `torch.overrides`", Kind.GRADER),
    ("open('/proc/self/maps')", 1, "it names `/proc/`", Kind.GRADER),
    ("import os\nos.system('ls')", 2, "it reaches for `os.system`", Kind.SYSTEM),
    ("from os import fork", 1, "it imports `os.fork`", Kind.SYSTEM),
    ("import subprocess as sp", 1, "it imports `subprocess`", Kind.SYSTEM),
    ("import ctypes.util", 1, "it imports `ctypes`", Kind.SYSTEM),
    ("import socket", 1, "it imports `socket`", Kind.SYSTEM),
    ("import multiprocessing as mp\nmp.Process()", 2, "it reaches for `multiprocessing.Process`", Kind.SYSTEM),
    ("from shutil import rmtree", 1, "it imports `shutil.rmtree`", Kind.SYSTEM),
    ("import importlib\nimportlib.import_module('a')", 2, "it reaches for `importlib.import_module`", Kind.SYSTEM),
    ("__import__('a')", 1, "it uses `__import__`", Kind.SYSTEM),
    ("\n\nexec('a = 1')", 3, "it uses `exec`", Kind.SYSTEM),
    ("run = ｅｖａｌ", 1, "it uses `eval`", Kind.SYSTEM),
    ("open('a', 'w')", 1, "it writes to a file", Kind.SYSTEM),
    ("open('a', mode='rb+')", 1, "it writes to a file", Kind.SYSTEM),
    ("from pathlib import Path\nPath('a').write_text('b')", 2, "it writes to a file", Kind.SYSTEM),
    ("try:\n    get_ipython()\nexcept NameError: pass", 2, "it asks for `get_ipython`", Kind.SETTING),
    ("__file__", 1, "it asks for `__file__`", Kind.SETTING),
    ("if __name__ != '__main__': pass", 1, "it tests `__name__`", Kind.SETTING),
    ("import os\nos.environ.get('USER')", 2, "it reads the environment's variables", Kind.SETTING),
    ("import os\nprint(dict(os.environ))", 2, "it reads the environment's variables", Kind.SETTING),
    ("import platform\nplatform.node()", 2, "it reaches for `platform.node`", Kind.SETTING),
    ("print('pytest' in sys.modules)", 1, "it reaches for `sys.modules`", Kind.GRADER),
    ("import base64\nbase64.b64decode('')", 2, "it reaches for `base64.b64decode`", Kind.TEXT),
    ("import marshal", 1, "it imports `marshal`", Kind.TEXT),
    ("w = [\n" + "0.25, " * 2352 + "]", 2, "it holds 2,352 numbers written out", Kind.TEXT),
    ("w = '" + "A7+/" * 900 + "'", 1, "it holds 3,600 characters in one string, and they are no prose", Kind.TEXT),
    ("a = 1  # \u202e", 1, "it holds U+202E, which shows text in another order", Kind.TEXT),
    ("tra\ufe00in = 1", 1, "a name holds U+FE00, which nobody sees", Kind.TEXT),
    ("-" * 20_000 + "1", 1, "its code is nested too deep to be looked through", Kind.TEXT),
    ("#" * 60_000, 1, "it has 60,000 characters, too many to be looked through", Kind.TEXT),
    ("%%time\nimport ctypes", 2, "it imports `ctypes`", Kind.SYSTEM),
    ("%time import ctypes", 1, "it imports `ctypes`", Kind.SYSTEM),
    ("x = !ls\nif x:\n    !cd\n    import ctypes", 4, "it imports `ctypes`", Kind.SYSTEM),
    (">>> import ctypes\n>>> ctypes", 1, "it imports `ctypes`", Kind.SYSTEM),
    ("    import ctypes\n    !ls", 1, "it imports `ctypes`", Kind.SYSTEM),
    ("def f(:\n    pass\n@f\ndef g():\n    import ctypes", 5, "it imports `ctypes`", Kind.SYSTEM),
    ("a = 1\nprint(a.__globals__", 2, "it names `__globals__`", Kind.GRADER),
]


@pytest.mark.parametrize(("text", "line", "seen", "kind"), SUSPECT, ids=[text[:40] for text, *_ in SUSPECT])
def test_what_an_answer_does_not_need_is_seen_where_it_stands(text: str, line: int, seen: str, kind: Kind) -> None:
    found = find_evidence(submission([text]), released())
    assert (line, seen, kind) in [(one.line, one.seen, one.kind) for one in found]
    assert len(found) == 1 or kind is Kind.GRADER
    assert {(one.exercise, one.place) for one in found} == {("", "the student's own cell 1")}


def test_evidence_in_a_solution_cell_belongs_to_its_exercise() -> None:
    source = "import gc\n" + (released().stub("train") + "\n    gc.get_objects()")
    [one] = find_evidence(submission(train=source), released())
    assert (one.exercise, one.place, one.seen) == ("train", "the `train` cell", "it reaches for `gc.get_objects`")


def test_evidence_comes_in_the_notebooks_order_and_once_a_cell() -> None:
    twice = "import socket\nimport ctypes\nimport socket"
    found = find_evidence(submission([twice, "import socket"], train="import mmap"), released())
    assert [(one.place[-6:], one.line, one.seen[-8:-1]) for one in found] == [
        ("` cell", 1, "s `mmap"), ("cell 1", 1, " `socket"[1:]), ("cell 1", 2, "`ctypes"), ("cell 2", 1, "`socket"),
    ]  # fmt: skip


def test_names_stand_for_what_another_cell_has_imported() -> None:
    assert seen_in("import os as o", "o.fork()") == ["it reaches for `os.fork`"]
    assert seen_in("o.fork()", "import random as o") == []


def test_given_lines_are_nobodys_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = released().given_lines | {"import ctypes"}
    monkeypatch.setitem(vars(released()), "given_lines", lines)
    assert seen_in("import ctypes  # as given\nimport socket") == ["it imports `socket`"]


CREATES = [
    encoder("self.a = nn.LazyLinear(2)", "self.a(x.flatten(1))"),
    encoder("self.w = nn.Parameter(torch.zeros(784, 2))", "x.flatten(1) @ self.w"),
    encoder("self.w = torch.zeros(784, 2, requires_grad=True)", "x.flatten(1) @ self.w"),
    encoder("self.c = nn.Conv2d(1, 512, 28)", "self.c(x).flatten(1)"),
    "def two(n):\n    return nn.Sequential(nn.Linear(784, n))\n" + encoder("self.a = two(2)", "self.a(x.flatten(1))"),
    "class Base(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.a = nn.Linear(9, n)\n"
    "\nclass Encoder(Base):\n    def forward(self, x):\n        return self.a(x.flatten(1))",
    "from mine import layers\n" + encoder("self.a = layers(2)", "self.a(x.flatten(1))"),
    "from mine import *\n" + encoder("self.a = layers(2)", "self.a(x.flatten(1))"),
    "L = nn.Linear\n" + encoder("self.a = L(784, 2)", "self.a(x.flatten(1))"),
    encoder("self.a = getattr(nn, 'Lin' + 'ear')(784, 2)", "self.a(x.flatten(1))"),
    "def Encoder(n):\n    return nn.Sequential(nn.Flatten(), nn.Linear(784, n))",
    encoder("pass", "x * 2") + "Encoder.layer = nn.Linear(784, 2)",
]


@pytest.mark.parametrize("source", CREATES)
def test_layers_may_be_created_anywhere(source: str) -> None:
    assert find_evidence(submission(encoder=source), released()) == ()


def test_layers_may_be_created_in_another_cell() -> None:
    source = encoder("self.a = two(2)", "self.a(x.flatten(1))")
    assert find_evidence(submission(["def two(n): return nn.Linear(784, n)"], encoder=source), released()) == ()
    assert find_evidence(submission(["def two(n): return torch.zeros(n)"], encoder=source), released())


UNFINISHED = [
    "", "Encoder", "class Encoder(nn.Module):\n    pass", encoder("...", "x * 2"), encoder("pass", "x"),
    encoder("raise NotImplementedError()", "torch.relu(x)"), "class Encoder(nn.Module:\n    x = 1 * 2",
]  # fmt: skip


@pytest.mark.parametrize("source", UNFINISHED)
def test_what_is_not_done_yet_is_not_suspected(source: str) -> None:
    assert find_evidence(submission(encoder=source), released()) == ()


@pytest.mark.parametrize("name", ["Encoder", "Decoder", "VariationalEncoder"])
def test_a_network_without_any_layer_is_seen(name: str) -> None:
    exercise = released().networks()[name]
    source = "# mine\n" + WITHOUT.replace("Encoder", name)
    [one] = find_evidence(submission(**{exercise: source}), released())
    assert (one.kind, one.exercise, one.line) == (Kind.LAYERS, exercise, 2)
    assert one.seen == f"`{name}` creates no layer and no parameter"


def test_a_class_in_a_cell_of_ones_own_belongs_to_its_exercise() -> None:
    [one] = find_evidence(submission([WITHOUT]), released())
    assert (one.kind, one.exercise, one.place) == (Kind.LAYERS, "encoder", "the student's own cell 1")


def test_only_what_is_run_is_looked_at(tmp_path: Path) -> None:
    notebook = fill(fill(right(), "test_encoder", "import ctypes"), "run_training", "import ctypes")
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "import ctypes"})
    notebook["cells"].append(code("import ctypes", "test_kl"))
    assert seen_in_notebook(tmp_path, notebook) == []
    [one] = seen_in_notebook(tmp_path, add(notebook, "import ctypes", "encoder"))
    assert (one.place, one.line) == ("the student's own cell 1", 1)


PIECES = st.sampled_from(
    ["import os", "gc", ".", "(", ")", "[", "{", "\n", "\n    ", " ", "=", "%", "!", "?", "%%time\n", "class Encoder",
     ":", "def f(", "'", '"""', "f'{", "\\", "\0", "\ud800",
     "\u202e", "\r", "\x0c", "\u2028", "#", "@", "lambda", "*", "x",
     "nn.Linear", "raise", "...", "from . import", "from autograder import", "__name__", ">>> ", "In [1]: ",
     "os.environ", "sys.modules", ".get(", "try:", "except*", "match x:\n case", "await ", "1", "\t",
     "async ", "global x", "del "]
)  # fmt: skip


@given(st.lists(st.text() | st.lists(PIECES, max_size=40).map("".join), max_size=3), st.text())
def test_whatever_the_text_is_there_is_an_answer(added: list[str], solution: str) -> None:
    for one in find_evidence(submission(added, encoder=solution), released()):
        assert one.line >= 1
        assert one.seen
        assert len(one.seen) <= 120


DEEP = [
    "(" * 10_000, "-" * 10_000 + "1", "a" + ".a" * 10_000, "1+" * 10_000 + "1", "x" + "()" * 10_000,
    "a**" * 9_000 + "a", "a if b else " * 4_000 + "c", "if a:\n pass\n" + "elif b:\n pass\n" * 3_000, "[" * 190,
    "f'{" * 500, "=".join(f"a{number}" for number in range(6_000)) + "=Encoder=a0+1",
    "".join(" " * depth + "if a:\n" for depth in range(99)) + " " * 99 + "a", "@a\n" * 9_000 + "def f(): pass",
    " " * 40_000 + "!", "=" * 40_000, "a=" * 20_000 + "1", "a?" * 20_000, "%" * 40_000,
    "\n" * 40_000 + "(", "(\n" * 20_000, "%time " * 8_000, ">>> " * 10_000, "'" * 40_001,
    "\\\n" * 20_000, "a ." * 15_000, "x:" * 20_000, "\0" * 40_000,
]  # fmt: skip


@pytest.mark.parametrize("text", DEEP, ids=[text[:12] for text in DEEP])
def test_depth_and_length_are_borne_in_a_thread_too(text: str) -> None:
    found: list[list[str]] = []
    thread = Thread(target=lambda: found.append(seen_in(text)))
    thread.start()
    thread.join(20)
    assert found


def test_a_long_notebook_is_not_read_to_its_end() -> None:
    long = "a = b\n" * 7_000
    found = find_evidence(submission([long] * 4), released())
    assert [one.place[-1] for one in found] == ["3", "4"]
    assert {one.seen for one in found} == {"it has 42,000 characters, too many to be looked through"}


def test_the_text_of_a_problem_has_no_evidence() -> None:
    unread = Submission("ada", "autoencoders", Path("a.ipynb"), problem="not JSON")
    assert find_evidence(unread, released()) == ()


def test_lines_for_a_person_say_where_to_look_and_are_not_too_many() -> None:
    def some(count: int) -> list[Evidence]:
        return [Evidence("", "the `kl` cell", n, "it is odd", Kind.TEXT, (1, n)) for n in range(1, count + 1)]

    assert review_lines([]) == ()
    assert review_lines(some(2))[1] == f"{FOR_REVIEW}look at the `kl` cell, line 2: it is odd"
    assert len(review_lines(some(10))) == 10
    assert review_lines(some(22))[10:] == (f"{FOR_REVIEW}and 12 more",)
