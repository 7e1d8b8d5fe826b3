"""Telling what the grader's surroundings lack from a student's mistake, and what is missing because of it."""

import ast
import re
import sys
from collections.abc import Iterator
from urllib.error import URLError

from autograder.submissions.syntax import children, parsed

# What may be lacking, by the key that a ``Failure`` holds; `judging.failures` has words for each.
MODULE, FILE, NETWORK, GPU, INPUT, SYNTAX = "module", "file", "network", "gpu", "input", "syntax"
TIME, END = "time", "end"
EVERYTHING = "*"  # any name may be missing

_NO_GPU = re.compile(
    r"not compiled with CUDA|no NVIDIA (?:driver|GPU)|No CUDA GPUs|not linked with (?:CUDA|support for mps)"
    r"|CUDA (?:is not|unavailable|driver)|MPS (?:backend|device)|torch\.cuda\.is_available\(\) is False"
    r"|type torch\.cuda\.\w+ not available|No HIP GPUs"
)
_NO_NETWORK = re.compile(r"Error downloading|urlopen error|name resolution|Max retries exceeded|HTTPSConnection")
_NETWORK_MODULES = ("socket.py", "ssl.py", "client.py", "request.py", "connection.py", "sessions.py")
# Syntax that Python learned after 3.11, the oldest that runs this, by the version and by text or what is said of it.
_NEWER = (
    ((3, 12), re.compile(r"\s*(?:type\s+\w+\s*(?:\[.*\]\s*)?=|(?:async\s+)?def\s+\w+\s*\[|class\s+\w+\s*\[)"), "text"),
    ((3, 12), re.compile(r"f-string"), "msg"),
    ((3, 12), re.compile(r".*\b[rR]?[fF][rR]?(['\"])[^'\"]*\{[^{}'\"]*\1[^{}]*\}"), "text"),
    ((3, 13), re.compile(r".*\bdef\s+\w+\s*\[.*=|.*\bclass\s+\w+\s*\[.*="), "text"),
    ((3, 14), re.compile(r"multiple exception types must be parenthesized"), "msg"),
    ((3, 14), re.compile(r".*\bt['\"]"), "text"),
)
_LONGEST_LINE = 300
_DEFINED = re.compile(r"^(?:(?:async +)?def|class|type) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_IMPORTED = re.compile(r"^(?:from +[\w.]+ +)?import +(.+)", re.MULTILINE)
_RUNS_A_FILE = re.compile(r"^\s*%(?:run|load)\b|^from +\S+ +import +\*", re.MULTILINE)


def lacking(error: BaseException) -> str:
    """What the grader lacks that stopped some code, by its key; empty where the code is at fault."""
    text = str(error)
    if isinstance(error, SyntaxError):
        said = {"text": str(error.text or "")[:_LONGEST_LINE], "msg": str(error.msg)}
        newer = any(sys.version_info < since and sign.match(said[where]) for since, sign, where in _NEWER)
        return SYNTAX if newer else ""
    if isinstance(error, ImportError):
        return MODULE
    if _NO_GPU.search(text):
        return GPU
    if isinstance(error, (URLError, ConnectionError)) or _NO_NETWORK.search(text) or _came_from_network(error):
        return NETWORK
    if isinstance(error, EOFError) and "reading a line" in text:
        return INPUT
    return FILE if isinstance(error, (FileNotFoundError, PermissionError)) else ""


def _came_from_network(error: BaseException) -> bool:
    traceback, last = error.__traceback__, ""
    while traceback is not None:
        last, traceback = traceback.tb_frame.f_code.co_filename, traceback.tb_next
    return isinstance(error, OSError) and last.endswith(_NETWORK_MODULES)


def would_define(source: str) -> set[str]:
    """The names that a cell gives when it runs to its end; ``EVERYTHING`` is among them where that cannot be known."""
    tree, _ = parsed(source)
    names = set(_given_by(tree)) or set(_by_lines(source))
    return names | {EVERYTHING} if _RUNS_A_FILE.search(source) else names


def _given_by(tree: ast.AST) -> Iterator[str]:
    """The names that statements give outside of functions and classes."""
    waiting = children(tree)
    for node in waiting:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Lambda():
                pass
            case _:
                waiting += children(node)


def _by_lines(source: str) -> Iterator[str]:
    """The same by how lines begin, where Python does not understand the text."""
    yield from (defined or assigned for defined, assigned in _DEFINED.findall(source))
    for imported in _IMPORTED.findall(source):
        yield from (part.split(" as ")[-1].strip(" ()").partition(".")[0] for part in imported.split(","))
