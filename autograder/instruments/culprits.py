"""What a look at the variables shows about code that stopped: which of them is at fault, and where it was set.

Python names the line that stopped; the slip is often in another one, such as a comma too many behind a layer.
"""

import linecache
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import BuiltinMethodType, CodeType, FrameType, FunctionType, MethodType
from typing import Any

from torch import Tensor, nn

_NAMES = re.compile(r"(?<![\w.'\"])(?:self\.)?[A-Za-z_]\w*")
_NO_FORWARD = 'missing the required "forward"'
_NOT_BUILT = re.compile(r"^(\w+)\.__init__\(\) (takes 1 positional|missing|got)")
_UNDEFINED = re.compile(r"name '(\w+)' is not defined|object has no attribute '(\w+)'|local variable '(\w+)'")
_OF_PARENT = re.compile(r"^\s*(self\.)?(super\b|(torch\.)?(nn\.)?Module\b)")
_NOT_BEGUN = "before Module.__init__() call"
_MISSING = re.compile(r"object has no attribute '(\w+)'")
_FUNCTIONS = (BuiltinMethodType, MethodType, FunctionType)
_CONSTRUCTORS = ("_init_", "__int__", "init", "_init__", "__init_", "__ini__", "__inti__", "__Init__", "__init")


@dataclass(frozen=True)
class Culprit:
    """What is at fault.

    Attributes:
        holds: what kind of thing it is, as ``Failure.holds`` says it.
        name: its name.
        line: the line that set it, or that should be another; empty where it is the one that stopped.
        number: that line's number.
    """

    holds: str
    name: str
    line: str = ""
    number: int = 0


def culprit(error: BaseException, frames: Sequence[tuple[FrameType, int]], names: Mapping[str, Any]) -> Culprit | None:
    """What explains an exception, if the variables of the student's functions show it.

    Args:
        error: the exception.
        frames: the student's functions that it passed through, with the line in each, the outermost first.
        names: the notebook's names.
    """
    text = str(error)
    if frames and (lost := _lost_parent(text, frames)) is not None:
        return lost
    if _NO_FORWARD in text:
        return _lost_method(error, names)
    if (built := _NOT_BUILT.search(text)) is not None and isinstance(error, TypeError):
        return _lost_constructor(names.get(built[1]), names)
    for looked in (_class_called, _self_forgotten, _wrong_value):
        if frames and (found := looked(error, frames)) is not None:
            return found
    return None


def _lost_parent(text: str, frames: Sequence[tuple[FrameType, int]]) -> Culprit | None:
    """The line that should build the ``nn.Module`` in a network's object: the one that stopped, or one that did not."""
    frame, number = frames[-1]
    built = frame.f_locals.get("self")
    if frame.f_code.co_name != "__init__" or not isinstance(built, nn.Module):
        return None
    first = frame.f_code.co_firstlineno if _NOT_BEGUN in text else number
    for above in range(number, first - 1, -1):
        line = linecache.getline(frame.f_code.co_filename, above)
        if _OF_PARENT.match(line):
            return Culprit("parent", type(built).__name__, line.strip(), above)
    return None


def _lost_method(error: BaseException, names: Mapping[str, Any]) -> Culprit | None:
    module = _module_without_forward(error)
    if module is None:
        return None
    own = vars(type(module))
    constructor = own.get("__init__")
    if isinstance(constructor, FunctionType) and any(
        isinstance(inner, CodeType) and inner.co_name == "forward" for inner in constructor.__code__.co_consts
    ):
        return Culprit("forward-inside", "forward")
    if isinstance(names.get("forward"), FunctionType):
        return Culprit("forward-outside", "forward")
    methods = [name for name, value in own.items() if isinstance(value, FunctionType) and name != "__init__"]
    alike = get_close_matches("forward", [name.lower() for name in methods], 1, 0.75)
    return Culprit("forward-misspelt", next(name for name in methods if name.lower() == alike[0])) if alike else None


def _module_without_forward(error: BaseException) -> nn.Module | None:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    module = None if traceback is None else traceback.tb_frame.f_locals.get("self")
    return module if isinstance(module, nn.Module) else None


def _lost_constructor(built: Any, names: Mapping[str, Any]) -> Culprit | None:
    if not isinstance(built, type) or "__init__" in vars(built):
        return None
    if (misspelt := next((name for name in _CONSTRUCTORS if name in vars(built)), None)) is not None:
        return Culprit("init-misspelt", misspelt)
    return Culprit("init-outside", "__init__") if isinstance(names.get("__init__"), FunctionType) else None


def _class_called(_error: BaseException, frames: Sequence[tuple[FrameType, int]]) -> Culprit | None:
    """A network's class that was called with data: its constructor has a tensor for an argument."""
    for place, (frame, _) in enumerate(frames):
        if frame.f_code.co_name != "__init__" or place == 0:
            continue
        given = frame.f_code.co_varnames[1 : frame.f_code.co_argcount]
        built = frame.f_locals.get("self")
        if isinstance(built, nn.Module) and any(isinstance(frame.f_locals.get(name), Tensor) for name in given):
            caller, number = frames[place - 1]
            line = linecache.getline(caller.f_code.co_filename, number).strip()
            return Culprit("class-called", type(built).__name__, line, number)
    return None


def _self_forgotten(error: BaseException, frames: Sequence[tuple[FrameType, int]]) -> Culprit | None:
    """A name that is an attribute of the object, or should be: ``__init__`` has a variable of that name."""
    frame, _ = frames[-1]
    found = _UNDEFINED.search(str(error))
    built = frame.f_locals.get("self")
    if found is None or not isinstance(error, (NameError, AttributeError)) or not isinstance(built, nn.Module):
        return None
    name = next(part for part in found.groups() if part)
    if isinstance(error, NameError) and hasattr(built, name):
        return Culprit("self-forgotten", name)
    if isinstance(error, AttributeError) and error.obj is not built:
        return None
    constructor = vars(type(built)).get("__init__")
    if isinstance(constructor, FunctionType) and name in constructor.__code__.co_varnames[1:]:
        line, number = _where_set(constructor.__code__, name)
        is_argument = name in constructor.__code__.co_varnames[: constructor.__code__.co_argcount]
        return Culprit("argument-not-kept", name) if is_argument else Culprit("self-forgotten", name, line, number)
    return None


def _wrong_value(error: BaseException, frames: Sequence[tuple[FrameType, int]]) -> Culprit | None:
    """A variable in the line that stopped which holds something that the exception complains about."""
    frame, number = frames[-1]
    text = str(error)
    for name, value in _values(frame, number):
        holds = ""
        if value is ... and "ellipsis" in text:
            holds = "ellipsis"
        elif isinstance(value, tuple) and len(value) == 1 and "tuple" in text:
            holds = "one-tuple"
        elif isinstance(value, _FUNCTIONS) and str(type(value).__name__) in text and not name.startswith("self."):
            holds = "function"
        elif _stands_for_data(value, name, linecache.getline(frame.f_code.co_filename, number), text):
            holds = "class-of-data" if _was_made_of_data(value) else "module"
        if holds:
            if name.startswith("self."):
                built = type(frame.f_locals["self"])
                line, number = _where_set(getattr(vars(built).get("__init__"), "__code__", frame.f_code), name)
            else:
                line, number = _where_set(frame.f_code, name, number)
            return Culprit(holds, name, line, number)
    return None


def _was_made_of_data(module: Any) -> bool:
    """Whether a layer has a tensor for one of its options, as after ``nn.ReLU(x)``."""
    return any(isinstance(option, Tensor) for option in vars(module).values())


def _stands_for_data(value: Any, name: str, line: str, text: str) -> bool:
    """Whether a variable is a layer that is not called in this line, and the exception speaks of such."""
    missing = _MISSING.search(text)
    if (missing is not None and not hasattr(Tensor, missing[1])) or "not iterable" in text:
        return False  # data would not do there, either
    is_named = type(value).__name__ in text or "Boolean value of Tensor" in text
    is_local = not name.startswith("self.") and re.search(rf"\b{re.escape(name)}\s*\(", line) is None
    return isinstance(value, nn.Module) and is_named and is_local and name != "self"


def _values(frame: FrameType, number: int) -> Iterator[tuple[str, Any]]:
    for name in dict.fromkeys(_NAMES.findall(linecache.getline(frame.f_code.co_filename, number))):
        holder, _, attribute = name.partition(".")
        value = frame.f_locals.get(holder)
        if not attribute:
            yield name, value
        elif isinstance(value, nn.Module) and hasattr(value, attribute):
            yield name, getattr(value, attribute)


def _where_set(code: CodeType, name: str, before: int = 0) -> tuple[str, int]:
    """The last line of a function that sets a name, before a line if one is given; empty if there is none."""
    sets = re.compile(rf"^\s*{re.escape(name)}\s*(?::[^=]+)?=(?!=)")
    last = max((number for *_, number in code.co_lines() if number is not None), default=0)
    for number in range(before - 1 if before else last, code.co_firstlineno - 1, -1):
        line = linecache.getline(code.co_filename, number)
        if sets.match(line):
            return line.strip(), number
    return "", 0
