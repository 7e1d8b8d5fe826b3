"""What in a submission a person should look at, seen in its text alone.

Right answers prove what code does, not who wrote it. Nothing here costs points, and nothing here is proof: an honest
student may have a reason for every line, and text can hide what it does.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from autograder.course.release import Release, code_lines
from autograder.submissions.submission import Cell
from autograder.submissions.syntax import children, parsed, walk

# What no answer to this notebook needs, by full names; a dot comes first where nobody knows what a name's beginning
# stands for. Names count wherever they are found: `torch.sys.modules` is `sys.modules`.
_REACHED = re.compile(
    r"""
    # builtins, modules handed around whole, which hides what of them is used, and modules good for nothing else
    ^(?:builtins\.\w+|IPython\.get_ipython(?!\w)) | ^(?:[^.].*?\.)??(?:autograder|gc|importlib|inspect|os|sys)$
    | ^(?:[^.].*?\.)??(?:_ctypes|_posixsubprocess|_thread|atexit|builtins|cffi|ctypes|fcntl|linecache|marshal|mmap
        |pexpect|pkgutil|posix|psutil|pty|resource|runpy|(?<!scipy\.)(?<!torch\.)signal|socket\w*|subprocess|termios)(?!\w)
    | (?:^|\.)(?:
        # the grader, and the frames, objects and modules through which one comes to it
        autograder\.(?!(?:check|datasets|drill|facts|hint|progress|teaching)(?!\w))\w+ | gc\.(?:\*|callbacks|get_\w+)
        | inspect\.(?:\*|currentframe|get(?:inner|outer)frames|stack|trace) | torch\.(?:_C|library|overrides)
        | sys\.(?:\*|_\w+|addaudithook|\w+hook|meta_path|modules|monitoring|(?:orig_)?argv|path_\w+) | unittest\.mock
        | (?:autograder|gc|inspect|math|numpy|os|random|sys|torch\w*)\.(?:[.\w]{1,99}\.)?__dict__ | traceback\.\w+_stack
        | __(?:builtins|closure|code|globals|import|loader|subclasses)__ | f_(?:back|builtins|globals|locals|trace)
        | (?:ag|cr|gi|tb)_frame | _getframe | _python_dispatch | get_(?:objects|referrers) | import_module
        | input_transformers_\w+ | module_from_spec | register_module_\w+_hook | set(?:profile|trace) | spec_from_\w+
        # the system: of `os`, all but what is about files and folders
        | os\.(?:\*|(?!(?:access|cpu_count|\w*dirs?|devnull|fspath|get(?:cwd|pid|_terminal_size)|linesep|name|path
            |remove|renames?|replace|sched_getaffinity|sep|stat|unlink|urandom|walk)(?!\w))\w+)
        | multiprocessing\.(?!(?:cpu_count|freeze_support|set_\w+)(?!\w))\w+ | threading\.(?:Thread|Timer)
        | shutil\.(?:chown|copy\w*|move|rmtree) | getpass\.getuser | platform\.(?:node|uname)
        # text that becomes something else
        | base64\.\w*decode\w* | binascii\.(?:a2b_\w+|unhexlify) | (?:bz2|codecs|lzma|zlib)\.de\w+ | pickle\.loads
    )(?!\w)""",
    re.VERBOSE,
)
_BUILTINS = re.compile(r"eval|exec|compile|get_ipython|__(?:builtins|file|import|IPYTHON|loader|name|spec)__")
# What must not be assigned to: parts of libraries, unless they are settings, and what the grader asks of a network.
_CHANGED = re.compile(
    r"(?:autograder|builtins|json|math|numpy|random|time|torch|torchvision)\.(?!.*\(\)).*|.*\.(?:__class__"
    r"|__getattribute__|__(?:instance|subclass)check__|__torch_(?:dispatch|function)__|(?:named_)?parameters|\w*state_dict)$"
)
# What is fine all the same, with what it is asked for or compared with; "=" where it is assigned to.
_HARMLESS = re.compile(
    r"os\.(?:environ(?:\.get)?|getenv) (?:=|import$|COLAB|CUBLAS|CUDA|KAGGLE|KMP|MKL|OMP|PYTHON|PYTORCH|TORCH)"
    r"|os\.environ\.(?:setdefault|update|pop) |sys\.modules(?:\.get)? google\.colab|sys\.argv ="
    r"|(?:IPython|builtins)\.get_ipython\.\(\)\.(?:(?:magic|run_cell_magic|system) |run_line_magic (?!time)\w)"
    r"|builtins\.__name__ (?:__main__)?$|(?:autograder|gc|importlib|inspect|os|sys|IPython\.get_ipython) import$"
    r"|(?:torch\.(?:backends|_dynamo\.config|_inductor\.config)|torchvision\.datasets)\..* ="
)
_GUARDED = re.compile(r"/proc/|autograder\.salt|gradebook\.db|\b(?:solutions|submitted)/\S{1,99}\.ipynb")
_FILES = re.compile(r"listdir|makedirs|mkdir|remove|rename|rmdir|save\w*|scandir|touch|unlink|write_(?:bytes|text)")
_WRITING = re.compile(r"(?=[rwaxbt+]{1,4}$)[rbt]*[wax+]")
_OUTSIDE = re.compile(r"/(?!content/|dev/null|kaggle/)\w|~/|\w:[\\/]|(?:.*[\\/])?\.\.(?:[\\/](?!input)|$)|__file__$")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # not the marks alone, which come with honest Hebrew and Arabic
# In doubt a name is one of a layer's, or of what may be one: this looks for classes without any.
_LAYER = re.compile(
    r"Linear|Conv|Parameter|Norm(?!al)|Embedding|RNN|LSTM|GRU|Transformer|Attention|PReLU|MLP|Perceptron|requires_grad"
    r"|register_parameter|torch\.hub|torchvision\.(?:models|ops)|NotImplementedError"
    r"|(?:^|\.)(?:__import__|eval|exec|getattr|globals|vars|deepcopy|load)(?!\w)"
)
_WITHOUT_LAYERS = sys.stdlib_module_names | {"", "autograder", "matplotlib", "numpy", "torch", "torchvision", "tqdm"}
_MOST_FLAGS, _MOST_NUMBERS, _LONGEST_NAME, _LONGEST_STRING, _LONGEST_SUBMISSION = 10, 1000, 60, 3000, 100_000
# A tree takes 600 times the memory of a text that is dense; an answer has 1,500 words and brackets.
_DENSE, _MOST_DENSE = re.compile(r"\w+|[(\[{]"), 30_000
_OTHER_LANGUAGE = re.compile(r"(?:\s*%%(?:time|timeit|capture|prun)\b.*)*+\s*%%")  # these magics run their cell


@dataclass(frozen=True)
class Flag:
    """A reason why a person should look at a submission; never a penalty."""

    cell: str  # name of the solution cell that it is about; empty where it is about none
    text: str  # one line: the place, and what was seen there
    no_layers: bool = False  # whether it says that a class which should be made of layers creates none


def find_flags(cells: Sequence[Cell], release: Release) -> tuple[Flag, ...]:
    """What a person should look at, at most ten things but one of every cell; raises nothing, whatever cells hold."""
    read = list(_read_cells(cells, release))
    names = _names([*_given(release), *(node for cell in read for node in cell.nodes)])
    found: dict[tuple[str, str], Flag] = {}
    for cell in read:
        codes = [code_lines(line) for line in cell.lines]
        given_lines = {number for number, code in enumerate(codes, 1) if code and release.given_lines.issuperset(code)}
        for line, text in sorted(seen for seen in _seen(cell, names) if seen[0] not in given_lines):
            thing = text.partition("`")[2] or text  # imported and used is one thing to look at
            found.setdefault((cell.place, thing), Flag(cell.name, f"look at {cell.place}, line {line}: {text}"))
    flags = [*found.values(), *_without_layers(read, names, release)]
    if (more := len(flags) - _MOST_FLAGS) <= 0:
        return tuple(flags)
    first = {(flag.cell, flag.no_layers): flag for flag in reversed(flags)}.values()
    return (*sorted(flags, key=lambda flag: flag not in first)[:_MOST_FLAGS], Flag("", f"and {more} more"))


@cache
def _given(release: Release) -> list[ast.stmt]:
    """The statements of the cells that students are given."""
    given = (cell.source for cell in release.cells if not (cell.solution or cell.driver or cell.graded))
    return [statement for source in given for statement in parsed(source)[0].body]


@dataclass(frozen=True)
class _Cell:
    name: str  # of the solution cell that it is or stands for
    place: str
    lines: list[str]
    body: list[ast.stmt]
    nodes: list[ast.AST]  # outer ones first
    problem: str  # why it could not be looked through, if so


def _read_cells(cells: Sequence[Cell], release: Release) -> Iterator[_Cell]:
    given, asked = {cell.source for cell in release.cells}, release.definitions()
    added = total = dense = 0
    for cell in (cell for cell in cells if cell.source not in given):
        added += not (cell.name or cell.file)
        total += len(cell.source)
        dense += len(_DENSE.findall(cell.source)) if total <= _LONGEST_SUBMISSION else 0
        too_long = f"it has {len(cell.source):,} characters, too many to be looked through"
        source = "" if _OTHER_LANGUAGE.match(cell.source) else re.sub(r"\r\n?", "\n", cell.source)  # Python's lines
        small = total <= _LONGEST_SUBMISSION and dense <= _MOST_DENSE
        tree, problem = parsed(source) if small else (ast.Module([], []), too_long)
        name = cell.name or next((asked[name] for one in tree.body if (name := getattr(one, "name", "")) in asked), "")
        own = f"the file `{cell.file}`" if cell.file else f"the student's own cell {added}"
        place = f"the `{cell.name}` cell" if cell.name else own
        lines = [] if problem else source.split("\n")
        yield _Cell(name, place, lines, tree.body, walk(tree), problem)


def _names(nodes: list[ast.AST]) -> Mapping[str, str]:
    """What names stand for: those imported anywhere, and those that the student gives a sense of their own."""
    names: dict[str, str] = {}
    bound: set[str] = set()
    for node in nodes:
        match node:
            case ast.Import() | ast.ImportFrom():
                names |= {(first := name.partition(".")[0]): full.removesuffix(name.removeprefix(first))
                          for name, full in _imported(node)}  # fmt: skip
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                bound.add(name)
    return {name: f".{name}" for name in bound} | names


def _imported(node: ast.Import | ast.ImportFrom) -> list[tuple[str, str]]:
    prefix = f"{'.' * node.level}{node.module or ''}." if isinstance(node, ast.ImportFrom) else ""
    return [(alias.asname or alias.name, prefix + alias.name) for alias in node.names]


def _full_name(node: ast.AST, names: Mapping[str, str]) -> tuple[str, list[ast.AST]]:
    """``torch.nn.Linear`` for ``nn.Linear``, with the nodes inside of that; no more than a dot for what is no name."""
    parts: list[str] = []
    inside: list[ast.AST] = []
    while len(parts) < _LONGEST_NAME:
        match node:
            case ast.Attribute(value=value, attr=part):
                pass
            case ast.Call(func=ast.Name(id="getattr" | "vars"), args=[value, *more]):
                part = _text(more[0]) if more else "__dict__"
                inside += more[:1]
            case ast.Call(func=value, args=[], keywords=[]) if parts:
                part = "()"
            case _:
                break
        parts.append(part)
        inside.append(value)
        node = value
    first = getattr(node, "id", "")
    parts.append(names.get(first, f"builtins.{first}" if _BUILTINS.fullmatch(first) else f".{first}"))
    return ".".join(reversed(parts)), inside


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "?"


def _remarks(full: str, use: str = "") -> Iterator[str]:
    """What is to be said of a full name; its use is ``import``, ``name``, "=", or what it is asked for."""
    found = (_CHANGED.match(full) if use == "=" else None) or _REACHED.search(full)
    if found and not _HARMLESS.match(f"{full} {use}"):
        verb = "changes" if found.re is _CHANGED else f"{use}s" if use in ("import", "name") else "uses"
        name = re.sub(r"[^\w.()*]", "?", found[0] if full.startswith(".") else full[: found.end()]).strip(".")
        yield f"it {verb} `{name.removeprefix('builtins.').replace('.()', '()')[:_LONGEST_NAME]}`"


def _seen(cell: _Cell, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    if cell.problem:
        yield 1, cell.problem
    for number, line in enumerate(cell.lines, 1):
        if found := _TURNING.search(line):
            yield number, f"it holds U+{ord(found[0]):04X}, which shows text in another order"
        dot, use = ("", "import") if "import " in line else (".", "name")
        for word in () if cell.body else re.findall(r"\w+(?:\.\w+)*", line.partition("#")[0]):
            yield from ((number, text) for text in _remarks(f"{dot}{word}", use))
    visitor = _Visitor(names)
    for node in cell.nodes:
        if isinstance(node, _LOOKED_AT) and node not in visitor.inside:
            yield from ((getattr(node, "lineno", 1), text) for text in visitor.visit(node))
    numbers = [one.lineno for one in cell.nodes if isinstance(one, ast.Constant) and type(one.value) in (int, float)]
    if len(numbers) > _MOST_NUMBERS:
        yield numbers[0], f"it holds {len(numbers):,} numbers written out"


_LOOKED_AT = (ast.Attribute, ast.Call, ast.ClassDef, ast.Compare, ast.Constant, ast.Import, ast.ImportFrom, ast.Name,
              ast.Subscript)  # fmt: skip


@dataclass(frozen=True)
class _Visitor:
    """Visits a cell's nodes, outer ones first."""

    names: Mapping[str, str]
    asked: dict[ast.AST, str] = field(default_factory=dict)  # what a node is asked for or compared with
    inside: set[ast.AST] = field(default_factory=set)  # nodes inside a name that has been looked at as a whole

    def visit(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Import() | ast.ImportFrom():
                yield from (text for _, full in _imported(node) for text in _remarks(full, "import"))
            case ast.Attribute() | ast.Name() | ast.Call(func=ast.Name(id="getattr" | "vars")):
                full, inside = _full_name(node, self.names)
                self.inside.update(inside)
                use = self.asked.get(node, "") if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) else "="
                if inside or (use != "=" and not full.startswith(".")):
                    yield from _remarks(full, use)
            case ast.Subscript(value=value, slice=key):
                self.asked[value] = _text(key) if isinstance(node.ctx, ast.Load) else "="
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                unequal = isinstance(operator, ast.NotEq)
                self.asked.update({left: "?", right: "?"} if unequal else {left: _text(right), right: _text(left)})
            case ast.Call(func=func, args=args, keywords=keywords):
                self.asked[func] = _text(args[0]) if args else ""
                texts = [_text(one) for one in (*args, *(keyword.value for keyword in keywords))]
                called = getattr(func, "id", getattr(func, "attr", ""))
                if called in ("setattr", "delattr", "__setattr__", "__delattr__") and len(args) > 1:
                    yield from _remarks(f"{_full_name(args[0], self.names)[0]}.{texts[1]}", "=")
                if _FILES.fullmatch(called) or (called == "open" and any(map(_WRITING.match, texts))):
                    parts = islice(ast.walk(node), 50)  # of the whole call: a path may be put together in there
                    if any(_OUTSIDE.match(getattr(part, "attr", _text(part))) for part in parts):
                        yield "it reaches outside its own folder"
            case ast.Constant(value=str() | bytes() as value):
                text = value if isinstance(value, str) else value.decode("latin-1")
                yield from _remarks(f".{text}", "name")
                if found := _GUARDED.search(text):
                    yield f"it names `{found[0]}`"
                if (size := len(text)) >= _LONGEST_STRING:
                    letters, spaces = sum(map(str.isalpha, text)) / size, sum(map(str.isspace, text)) / size
                    if letters < 0.6 or spaces < 0.08:
                        yield f"it holds {size:,} characters in one string, and they are no prose"
            case ast.ClassDef(name=name, body=body):
                yield from (text for one in body for text in _remarks(f".{name}.{getattr(one, 'name', '')}", "="))


def _without_layers(cells: list[_Cell], names: Mapping[str, str], release: Release) -> Iterator[Flag]:
    """The classes that should be made of layers, where nothing that their names lead to in all cells creates one."""
    definitions: dict[str, list[ast.stmt]] = {}
    for statement in [statement for cell in cells for statement in cell.body]:
        # What is assigned to a part of something belongs to the whole.
        parts = [node for target in getattr(statement, "targets", []) for node in ast.walk(target)]
        for name in {getattr(statement, "name", ""), *(node.id for node in parts if isinstance(node, ast.Name))}:
            definitions.setdefault(name, []).append(statement)
    for network, exercise in release.networks().items():
        to_follow, nodes, to_visit = dict(definitions), set[ast.AST](), list[ast.AST](definitions.get(network, ()))
        while to_visit:
            if (node := to_visit.pop()) not in nodes:
                nodes.add(node)
                to_visit += [*children(node), *to_follow.pop(getattr(node, "id", "?"), ())]
        called = [getattr(node, "func", node) for node in nodes if isinstance(node, ast.BinOp | ast.Call)]
        computes = any(not _full_name(node, names)[0].startswith(".super") for node in called)
        unfinished = any(getattr(getattr(node, "value", None), "value", None) is ... for node in nodes)
        words = {names.get("*", "."), *(_full_name(node, names)[0] + f".{getattr(node, 'arg', '')}" for node in nodes)}
        in_doubt = any(_LAYER.search(word) or word.partition(".")[0] not in _WITHOUT_LAYERS for word in words)
        if computes and not unfinished and not in_doubt:
            last = definitions[network][-1]
            place = next(cell.place for cell in cells if last in cell.body)
            text = f"look at {place}, line {last.lineno}: `{network}` creates no layer and no parameter"
            yield Flag(exercise, text, no_layers=True)
