"""What a person should look at, told from a submission's text."""

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from answers import answers
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.cells import CodeCell, code_cells
from autograder.course.release import Release, read_release
from autograder.submissions.flags import Flag, find_flags
from autograder.submissions.submission import Cell, Submission

ROOT = Path(__file__).parents[2]


RELEASE = read_release(ROOT / "notebooks/autoencoders/autoencoders.ipynb")
OWN = "look at the student's own cell 1, line "


def flags(*added: str, release: Release = RELEASE, **solutions: str) -> list[Flag]:
    """What is flagged in the released notebook with these texts in its solution cells and these cells at its end."""
    given = (cell for cell in release.cells if not cell.driver and not cell.graded)
    cells = [Cell(solutions.get(one.grade_id, one.source), one.grade_id if one.solution else "") for one in given]
    submission = Submission("ada", "autoencoders", Path("a.ipynb"), release, (*cells, *map(Cell, added)))
    return list(find_flags(submission.cells, release))


def texts(*added: str) -> list[str]:
    return [flag.text for flag in flags(*added)]


def lines(table: str) -> list[str]:
    return [case.replace("\\n", "\n") for line in table.strip("\n").splitlines() for case in line.split(" ¦ ")]


# What is said about each ends with what stands in «»; for what is hidden in there is a table of its own below.
FLAGGED = r"""
import gc; «gc.get_objects»() ¦ from gc import «get_objects» as g ¦ getattr(x, name, '«get_objects»')
import sys; f(«sys»)
import «autograder.judging» as j ¦ import autograder; «autograder.oracle».x ¦ x = '«autograder.judging».judge'
'pytest' in «sys.modules» ¦ torch.«sys.modules»['a'] ¦ F.torch.«sys.modules» ¦ getattr(torch, 'sys').«modules»
t = torch; t.«sys.modules» ¦ from torch import «sys» ¦ import sys as s; s.«_getframe»(1) ¦ train.«__globals__»['x']
import inspect; «inspect.currentframe»().f_back ¦ ().__class__.__base__.«__subclasses__»() ¦ error.«f_back».x
nn.«Module.__call__» = print ¦ for F.«relu» in [print]: pass ¦ import json; «json.dumps» = print ¦ import «builtins»
a = Encoder(2); «a.__class__» = int ¦ class A:\n    def «state_dict»(self): ... ¦ «__builtins__» ¦ np.«os.system»('ls')
from «torch.overrides» import TorchFunctionMode ¦ torch.«__dict__»['randn'] ¦ from unittest import «mock»
import os; «os.fork»() ¦ from os import «*» ¦ import «ctypes».util; ctypes.CDLL ¦ import «subprocess» as sp
import «socket»; socket.socket() ¦ import multiprocessing as mp; mp.«Process»() ¦ from shutil import «rmtree»
import importlib; importlib.«import_module»('a') ¦ import threading; threading.«Thread»() ¦ «exec»('a = 1')
«compile»('a', 'b', 'exec') ¦ «__import__»('a') ¦ x = «__file__» ¦ if «__name__» != '__main__': pass ¦ import «marshal»
«get_ipython»().ast_transformers ¦ «get_ipython»().run_line_magic('time', 'x') ¦ import platform; «platform.node»()
import os; «os.environ».get('USER') ¦ import os; dict(«os.environ») ¦ from os import environ; f(«environ»)
import base64; «base64.b64decode»('') ¦ import zlib; «zlib.decompress»(x) ¦ open('«/proc/»self/maps')
x = b'../«autograder.salt»' ¦ x = '../«gradebook.db»' ¦ x = '/course/«submitted/ada/a.ipynb»' ¦ %time import «ctypes»
>>> import «ctypes» ¦ ,exec import «ctypes» ¦ print(a.«__globals__»
"""
OUTSIDE = r"""
open('/etc/x', 'w') ¦ open('../other', mode='rb+') ¦ open(f'/srv/{name}/results.json', 'a') ¦ torch.save(1, '~/a.pt')
from pathlib import Path; (Path('..') / 'x').write_text('') ¦ plt.savefig('/tmp/a.png') ¦ import os; os.listdir('/tmp')
"""
HIDDEN = {
    "run = ｅｖａｌ": "it uses `eval`",
    "x = vars(torch)['sys']": "it uses `torch.__dict__`",
    "setattr(torch, 'randn', print)": "it changes `torch.randn`",
    "w = [" + "0.25, " * 2352 + "]": "it holds 2,352 numbers written out",
    "w = '" + "A7+/" * 900 + "'": "it holds 3,600 characters in one string, and they are no prose",
    "a = 1  # \u202e": "it holds U+202E, which shows text in another order",
    "-" * 20_000 + "1": "its code is nested too deep to be looked through",
    **dict.fromkeys(lines(OUTSIDE), "it reaches outside its own folder"),
}


@pytest.mark.parametrize("case", lines(FLAGGED))
def test_what_no_answer_needs_is_flagged(case: str) -> None:
    before, thing, after = re.split("[«»]", case)
    found = flags(before + thing + after)
    assert any(flag.text.startswith(OWN) and flag.text.endswith(f"{thing}`") for flag in found)
    assert {flag.cell for flag in found} == {""}


@pytest.mark.parametrize("source", HIDDEN, ids=lambda source: source[:50])
def test_what_is_less_plain_is_flagged_too(source: str) -> None:
    assert texts(source) == [f"{OWN}1: {HIDDEN[source]}"]


@pytest.mark.parametrize(
    ("source", "line"),
    [("%%time\r\n%matplotlib inline\r\nimport ctypes", 3), ("x = !ls\nif x:\n    !cd\n    import ctypes", 4),
     ("def f(:\n    import ctypes", 2)],
)  # fmt: skip
def test_flags_tell_the_line(source: str, line: int) -> None:
    assert texts(source) == [f"{OWN}{line}: it imports `ctypes`"]


HARMLESS = r"""
import os; os.makedirs('figures', exist_ok=True); os.path.join('a', 'b'); os.listdir(); os.listdir('../input')
import os; os.environ['KMP_DUPLICATE_LIB_OK'] = 'TRUE'; os.environ.setdefault('CUDA_VISIBLE_DEVICES', '0')
import os; x = 'COLAB_GPU' in os.environ or os.environ.get('KAGGLE_KERNEL_RUN_TYPE'); len(os.sched_getaffinity(0))
from os import environ; environ['A'] = '1'; del environ['A'] ¦ import multiprocessing as mp; n = mp.cpu_count()
import sys; IN_COLAB = 'google.colab' in sys.modules; sys.path.append('..'); sys.argv = [''] ¦ import importlib, pdb
print(sys.version, sys.executable); file = sys.stderr ¦ import gc; gc.collect(); torch.cuda.empty_cache()
import time, random, copy, math, warnings, inspect; warnings.simplefilter('ignore'); inspect.signature(train)
from pathlib import Path; print(Path('notes.txt').read_text()); open('notes.txt').read(); open('notes.txt', 'rb')
open('notes.txt', 'w').write('a'); from pathlib import Path; Path('x.txt').write_text('a'); open(name, 'w')
open('/content/drive/MyDrive/notes.txt', 'w'); import os; open(os.devnull, 'w'); 'a/b'.replace('/a', '')
plt.savefig('latent.png'); torch.save(model.state_dict(), 'a.pt'); np.save('w.npy', 1); plt.rcParams['figure.dpi'] = 9
torch.backends.cudnn.deterministic = True; torch.backends.cuda.matmul.allow_tf32 = False; torch.manual_seed(0)
import torch._dynamo; torch._dynamo.config.suppress_errors = True; torchvision.datasets.MNIST.mirrors = []
import ssl; ssl._create_default_https_context = ssl._create_unverified_context ¦ %%bash\nimport ctypes\necho exec
import re; re.compile('a'); model = Encoder(2); model.eval(); model = torch.compile(model); model.name = 'e'
torch.tensor(1.0).grad = None; x.grad = None; z = x.ctypes.data; torch.signal.windows.hann(3) ¦ importlib.reload(np)
get_ipython().run_line_magic('matplotlib', 'inline'); from IPython import get_ipython ¦ def parameters(x): return 1
if __name__ == '__main__': print(__name__) ¦ from IPython.display import display, clear_output, Image
%matplotlib inline\n!pip install subprocess\n%time train(autoencoder, data)\nfiles = !ls\ntrain?
import autograder; autograder.check('kl'); from autograder.datasets import MNIST; from autograder import hint
from autograder.teaching import LossCurve, needs ¦ def compile(x): return x\n\ncompile(3)
signal = torch.sin(torch.linspace(0, 1, 9)); print(signal.shape); resource = signal
print('\d', 1 is 1)  # Python remarks on both ¦ What do I notice? An important thing, and os, gc and exec are words.
"""
LONG = [
    *("'''" + "What do I notice? The digits lie in groups. " * 90 + "'''", "m = [" + "0.5, " * 300 + "]", "#" * 60_000),
    "print('👨‍🔬 μ, σ, שלום\u200f')  # \ufeff zero\u200bwidth from the web",
]


@pytest.mark.parametrize("source", lines(HARMLESS) + LONG, ids=lambda text: text[:50])
def test_honest_lines_are_not_flagged(source: str) -> None:
    assert texts(source) == []


def test_no_answer_of_the_catalogue_right_or_wrong_is_flagged() -> None:
    cells = {"kl": "variational_encoder"}
    suspected = {one: flags(**{cells.get(one.exercise, one.exercise): one.source}) for one in answers()}
    # That layers are missing is not said beside the mistake that says so.
    counted = {one: [flag for flag in found if not flag.no_layers or one.right] for one, found in suspected.items()}
    assert {str(one): found for one, found in counted.items() if found} == {}


@pytest.mark.parametrize("pattern", ["solutions/*/*.ipynb", "notebooks/*/*.ipynb", "examples/submitted/*-0*/*/*.ipynb"])
def test_no_notebook_of_the_course_is_flagged_with_its_metadata_or_without(pattern: str) -> None:
    for path in ROOT.glob(pattern):
        run = [cell for cell in code_cells(json.loads(path.read_bytes())) if not (cell.driver or cell.graded)]
        for keep in (True, False):
            cells = tuple(Cell(cell.source, cell.grade_id if cell.solution and keep else "") for cell in run)
            assert find_flags(cells, RELEASE) == ()


@pytest.mark.parametrize("theme", ["channel", "introspection", "network", "patches", "processes", "zygote"])
def test_attacks_that_reach_for_something_are_flagged(theme: str) -> None:
    data = tomllib.loads((ROOT / f"tests/catalogue/attacks/{theme}.toml").read_text(encoding="utf-8"))
    sources = {one["name"]: data.get("prelude", "") + one["source"] for one in data["attack"] if "source" in one}
    assert [name for name, text in sources.items() if not texts(re.sub(r"<<\w+>>", "0", text))] == []


def encoder(init: str, forward: str) -> str:
    before = "class Encoder(nn.Module):\n    def __init__(self, latent_dims):\n        super().__init__()\n        "
    return f"{before}{init}\n\n    def forward(self, x):\n        return {forward}\n"


WITHOUT = encoder("self.size = latent_dims", "x.flatten(1)[:, : self.size] * 2")
TWO = encoder("self.a = two(2)", "self.a(x.flatten(1))")
FINE = [
    # It creates layers or parameters, or may do so.
    encoder("self.a = nn.LazyLinear(2)", "self.a(x.flatten(1))"),
    encoder("self.w = nn.Parameter(torch.zeros(784, 2))", "x.flatten(1) @ self.w"),
    encoder("self.w = torch.zeros(784, 2, requires_grad=True)", "x.flatten(1) @ self.w"),
    encoder("self.a = getattr(nn, 'Lin' + 'ear')(784, 2)", "self.a(x.flatten(1))"),
    *(f"{two}\n{TWO}" for two in ("def two(n): return nn.Linear(784, n)", "two = nn.LSTM", "from mine import two")),
    "from mine import *\n" + TWO,
    "class Base(nn.Module):\n    a = nn.Linear(9, 2)\n" + WITHOUT.replace("nn.Module", "Base"),
    "def Encoder(n):\n    return nn.Sequential(nn.Flatten(), nn.Linear(784, n))",
    encoder("pass", "x * 2") + "Encoder.layer = nn.Linear(784, 2)",
    # It is not done yet.
    *("", "Encoder", "class Encoder(nn.Module):\n    pass", "class Encoder(nn.Module:\n    x = 1 * 2"),
    *(encoder("...", "x * 2"), encoder("pass", "x"), encoder("raise NotImplementedError()", "torch.relu(x)")),
]


@pytest.mark.parametrize("source", FINE)
def test_layers_may_be_created_anywhere_and_may_be_missing_still(source: str) -> None:
    assert flags(encoder=source) == []


@pytest.mark.parametrize("name", RELEASE.networks())
def test_a_network_without_any_layer_is_flagged(name: str) -> None:
    cell = RELEASE.networks()[name]
    text = f"look at the `{cell}` cell, line 2: `{name}` creates no layer and no parameter"
    assert flags(**{cell: "# mine\n" + WITHOUT.replace("Encoder", name)}) == [Flag(cell, text, no_layers=True)]


def test_layers_are_looked_for_in_all_cells() -> None:
    assert flags("def two(n): return nn.Linear(784, n)", encoder=TWO) == []
    for found in (flags("def two(n): return torch.zeros(n)", encoder=TWO), flags(WITHOUT)):
        assert [(flag.cell, flag.no_layers) for flag in found] == [("encoder", True)]


def test_flags_tell_the_cell_and_come_in_order_and_once_a_cell() -> None:
    train = "import mmap\ndef train(autoencoder, data): pass"
    found = flags("import socket\nimport ctypes\nsocket.socket", "import ctypes as c", "c.CDLL", train, train=train)
    assert [(flag.cell, *flag.text.removeprefix("look at the ").split(": it ")) for flag in found] == [
        ("train", "`train` cell, line 1", "imports `mmap`"),
        ("", "student's own cell 1, line 1", "imports `socket`"),
        ("", "student's own cell 1, line 2", "imports `ctypes`"),
        ("", "student's own cell 2, line 1", "imports `ctypes`"),
        ("", "student's own cell 3, line 1", "uses `ctypes`"),
        ("train", "student's own cell 4, line 1", "imports `mmap`"),
    ]


def test_given_cells_and_lines_are_not_the_students() -> None:
    release = replace(RELEASE, cells=(*RELEASE.cells, CodeCell("import ctypes\nimport mmap", "given", locked=True)))
    assert flags(release=release) == []
    [one] = flags("import ctypes  # as given\nimport socket", release=release)
    assert one.text == f"{OWN}2: it imports `socket`"


def test_long_lists_are_cut_but_every_cell_keeps_its_first_flag() -> None:
    found = flags("\n".join(f"os.a{number}" for number in range(30)), train="# mine\nimport ctypes", encoder=WITHOUT)
    assert [len(found), found[-1]] == [11, Flag("", "and 22 more")]
    assert {flag.cell for flag in found} == {"", "train", "encoder"}


PIECES = st.sampled_from(
    ["import os", "gc", ".", "(", ")", "[", "\n", "\n    ", " ", "=", "%", "!", "?", "%%time\n", "class Encoder", ":",
     "def f(", "'", '"""', "f'{", "\\", "\0", "\ud800", "\u202e", "\r", "\x0c", "\u2028", "#", "@", "lambda", "*", "x",
     "nn.Linear", "...", "from . import", "from autograder import", "__name__", ">>> ", "os.environ", "sys.modules",
     "1", ".get(", "try:", "match x:\n case", "async ", "getattr(", "setattr(torch, ", "open(", "vars(", "type x = "]
)  # fmt: skip


@given(st.lists(st.text() | st.lists(PIECES, max_size=40).map("".join), max_size=3), st.text())
def test_whatever_the_text_is_there_is_an_answer(added: list[str], solution: str) -> None:
    for flag in flags(*added, encoder=solution):
        assert re.fullmatch(r"look at .+, line \d+: .{,100}|and \d+ more", flag.text)


DEEP = [
    "(" * 10_000, "-" * 10_000 + "1", "a" + ".a" * 10_000, "1+" * 10_000 + "1", "x" + "()" * 10_000, "f'{" * 500,
    "a if b else " * 4_000 + "c", "if a:\n pass\n" + "elif b:\n pass\n" * 3_000, "=" * 40_000, "a=" * 20_000 + "1",
    "=".join(f"a{number}" for number in range(6_000)) + "=Encoder=a0+1", "x" + ".open('w')" * 900, "a?" * 50_000,
    "".join(" " * depth + "if a:\n" for depth in range(99)) + " " * 99 + "a", "@a\n" * 9_000 + "def f(): pass",
    "\n" * 40_000 + "(", "%time " * 8_000, "'" + "os." * 30_000 + "'", "eval;" * 19_000, "\0" * 9_000, "\ud800" * 9_000,
]  # fmt: skip


@pytest.mark.parametrize("text", DEEP, ids=[text[:12] for text in DEEP])
def test_depth_and_length_are_borne_by_threads_that_do_not_get_in_each_others_way(text: str) -> None:
    found: list[list[str]] = []
    threads = [Thread(target=lambda: found.append(texts(text))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == [found[0]] * 3


def test_a_long_notebook_is_not_read_to_its_end() -> None:
    found = [text.partition(": ")[2] for text in texts(*["a = b\n" * 7_000] * 4)]
    assert found == ["it has 42,000 characters, too many to be looked through"] * 2


@pytest.mark.parametrize(("seen", "last"), [(10, None), (11, "and 1 more")])
def test_a_list_that_is_as_long_as_it_may_be_is_not_cut(seen: int, last: str | None) -> None:
    found = texts("\n".join(f"os.a{number}" for number in range(seen)))
    assert len(found) == seen
    assert last is None or found[-1] == last
    assert not any(text.startswith("and 0") for text in found)
