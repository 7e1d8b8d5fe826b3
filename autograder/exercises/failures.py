"""Mistakes that any exercise may hold, told from how the student's code stopped."""

import re

from autograder.exercises.definition import Exercise
from autograder.exercises.judgement import Finding, Judgement, Status, everything, found, not_attempted
from autograder.exercises.observation import Failure, Outcome

_LONGEST_QUOTE = 110
_UNPRINTABLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def printable(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """The text on one line, without control characters, cut to a length that can be read."""
    clean = re.sub(r"\s+", " ", _UNPRINTABLE.sub(" ", text)).strip()
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


# What a layer, a model or a loss is called in PyTorch's messages.
_OF_MODULES = r"(Linear|Sequential|ModuleList|\w*Loss|\w*(Auto)?[Ee]ncoder|Decoder)"

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    (r"AttributeError", r"before Module\.__init__\(\) call", "no-super-init"),
    (r"NotImplementedError|TypeError", r"bitwise_xor|for \^", "power-operator"),
    (r"TypeError", rf"must be Tensor, not {_OF_MODULES}$", "module-not-called"),
    (r"TypeError", rf"unsupported operand.*'{_OF_MODULES}'", "module-not-called"),
    (r"AttributeError", r"'\w*Loss' object has no attribute", "module-not-called"),
    (r"RuntimeError", r"Boolean value of Tensor with more than one value", "module-called-with-tensor"),
    (r"TypeError", r"must be Tensor, not (ReLU|Sigmoid|Flatten|Tanh|Softmax)", "module-called-with-tensor"),
    (r"TypeError", r"(Sigmoid|Tanh|Flatten)\.__init__\(\) takes", "module-called-with-tensor"),
    (r"AttributeError", r"'(ReLU|Sigmoid|Linear|Flatten)' object has no attribute '(view|reshape|shape|exp)'",
     "module-called-with-tensor"),
    (r"TypeError", r"unsupported operand.*'(ReLU|Sigmoid)'", "module-called-with-tensor"),
    (r"RuntimeError", r"Can't call numpy\(\) on Tensor that requires grad", "numpy-on-tensor"),
    (r"TypeError", r"got an unexpected keyword argument 'axis'", "numpy-on-tensor"),
    (r"TypeError", r"^'(Tensor|torch\.Size|tuple|float|int|device|str)' object is not callable", "value-called"),
    (r"TypeError", r"forward\(\) takes 1 positional argument but 2", "no-self"),
    (r".*", r"not compiled with CUDA|no NVIDIA driver|No CUDA GPUs|not linked with CUDA", "cuda-hard-coded"),
    (r"RuntimeError", r"Expected all tensors to be on the same device", "device-mismatch"),
    (r"ModuleNotFoundError|ImportError", r".*", "missing-module"),
    (r"NotImplementedError", r"missing the required \"forward\"", "no-forward"),
    (r"TypeError", r"^(Encoder|Decoder|VariationalEncoder)\.__init__\(\) (takes|missing|got)", "constructor-arguments"),
    (r"UnboundLocalError", r".*", "used-before-set"),
    (r"NameError", r".*", "misspelt-name"),
    (r"AttributeError", r"has no attribute", "misspelt-name"),
    (r"RuntimeError|ValueError", r"shapes cannot be multiplied|must match|invalid for input of size|mat1 and mat2",
     "shape-mismatch"),
)  # fmt: skip


# How an exercise ends that has nothing to show; what is not named here is an error. None: as its points say.
_OUTCOMES = {"unfinished": None, "leftover": None, "replaced": None, "late": Status.TIMEOUT}
_STOPPED = {"late": "too-slow", "died": "process-ended", "malformed": "no-observation"}


# PyTorch's words for sizes that do not fit, and what they say to somebody who has written none of these matrices.
_SIZES = (
    (r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
     r"rows of \2 numbers go into a layer that takes rows of \3"),
    (r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
     r"one tensor has size \1 in dimension \3, the other \2"),
)  # fmt: skip


def where(failure: Failure) -> str:
    """The line that stopped, quoted; empty where none is known."""
    line = printable(failure.line, 80)
    return f"Line {failure.line_number}: `{line}`" if line and failure.line_number else ""


def error(failure: Failure) -> str:
    """The exception's type and what it says, on one line."""
    return f"{printable(failure.error, 80)}: {printable(failure.message)}".rstrip(": ")


def name_failure(exercise: Exercise, failure: Failure) -> Finding:
    """The finding for code that did not return."""
    message, line = printable(failure.message), where(failure)
    if failure.kind == "leftover":
        return found(exercise, "raise-left-in")
    if failure.kind == "unfinished":
        return found(exercise, "unfinished", line=line)
    if failure.kind == "replaced":
        return found(exercise, "name-replaced", name=exercise.name, now=message)
    if failure.kind in _STOPPED:
        return found(exercise, _STOPPED[failure.kind], message=message.rstrip("."))
    if failure.kind == "cell" and failure.error not in ("ModuleNotFoundError", "ImportError"):
        return found(exercise, "cell-stopped", error=error(failure), line=line)
    for kind, pattern, key in _PATTERNS:
        if re.fullmatch(kind, failure.error) and re.search(pattern, failure.message):
            return found(exercise, key, message=_plainly(message).rstrip("."), error=error(failure), line=line)
    return found(exercise, "raised", error=error(failure), line=line)


def _plainly(message: str) -> str:
    for technical, plain in _SIZES:
        message = re.sub(technical, plain, message)
    return message


def judge_failure(exercise: Exercise, failure: Failure, untouched: bool = True) -> Judgement:
    """The judgement where the student's code did not return.

    Args:
        exercise: the exercise judged.
        failure: how it stopped.
        untouched: whether nothing of the student's is known to have run; then ``...`` means "not attempted yet".
    """
    if failure.kind == "absent" or (failure.kind == "unfinished" and untouched):
        return not_attempted(exercise)
    return everything(exercise, name_failure(exercise, failure), _OUTCOMES.get(failure.kind, Status.ERROR))


def name_missing_tensor(exercise: Exercise, outcome: Outcome) -> Finding:
    """The finding for code that returned something else than a tensor."""
    if outcome.returned == "NoneType":
        return found(exercise, "no-return")
    if outcome.returned in ("ReLU", "Sigmoid", "Linear", "Flatten", "Sequential"):
        return found(exercise, "module-called-with-tensor", line="")
    return found(exercise, "not-a-tensor", returned=printable(outcome.returned))
