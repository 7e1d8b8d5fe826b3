"""What is said where the student's code gave nothing that could be judged."""

import re

from autograder.course.exercise import Exercise
from autograder.course.observation import LONGEST_TEXT, CallResult, Failure
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding, not_attempted

_LONGEST_QUOTE, _LONGEST_ERROR, _SHORT_QUOTE = 110, 140, 55
_UNPRINTABLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")

# How an exercise ends that has nothing to show; what is not named here is an error. None: as its points say.
_STATUSES = {
    **dict.fromkeys(("unfinished", "leftover", "replaced", "renamed", "malformed", "text", "surroundings")),
    "timeout": Status.TIMEOUT,
}
_BY_KIND = {
    "leftover": "raise-left-in",
    "text": "cell-is-text",
    "surroundings": "grader-lacks",
    "unfinished": "unfinished",
    "replaced": "name-replaced",
    "renamed": "renamed",
    "timeout": "too-slow",
    "died": "process-ended",
    "malformed": "no-observation",
}
# What the variables have shown to be at fault, and the misconception that it is.
_BY_CULPRIT = {
    "one-tuple": "stray-comma",
    "function": "brackets-missing",
    "class-called": "class-called",
    "class-of-data": "module-called-with-tensor",
    "self-forgotten": "self-forgotten",
    "argument-not-kept": "argument-not-kept",
    "forward-inside": "forward-inside",
    "forward-outside": "forward-outside",
    "forward-misspelt": "forward-misspelt",
    "init-outside": "init-outside",
    "init-misspelt": "init-misspelt",
    "parent": "super-init-misspelt",
}
# What the grader lacks, by what a failure holds.
_LACKING = {
    "module": "the grader has no such module",
    "file": "the grader has no such file or program",
    "network": "the grader has no network",
    "gpu": "the grader has no such GPU",
    "input": "nobody types where it is graded",
    "time": "its time was over",
    "end": "it ended, or ran out of time or memory",
    "syntax": "its Python may be newer than the grader's",
}
_NUMBER = re.compile(r"\d+")
_NUMPY_ON_TENSOR = "Can't call numpy() on Tensor that requires grad"
_IMPORT_ERRORS = ("ModuleNotFoundError", "ImportError")
_MODULES = ("ReLU", "Sigmoid", "Linear", "Flatten", "Sequential", "Tanh", "Softmax", "MSELoss")
_FUNCTIONS = ("builtin_function_or_method", "method", "function")

# PyTorch's words for sizes that do not fit, and what they say to somebody who has written none of these matrices.
_SIZES = (
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        r"rows of \2 numbers go into a layer that takes rows of \3",
    ),
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        r"one tensor has size \1 where the other has size \2",
    ),
    (r"\brows of 1 numbers\b", "rows of 1 number"),
)


def printable(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """The text on one line, without control characters, cut to a length that can be read."""
    clean = re.sub(r"\s+", " ", _UNPRINTABLE.sub(" ", text[:LONGEST_TEXT])).strip()
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def quoted_line(failure: Failure) -> str:
    """The line that stopped, quoted; empty where none is known."""
    line = printable(failure.line, 80)
    return f"Line {failure.line_number}: `{line}`" if line and failure.line_number else ""


def lacking_words(failure: Failure) -> str:
    """What the grader lacks that stopped some code."""
    return _LACKING.get(failure.holds, "the grader lacks something")


def exception_text(failure: Failure, longest: int = _LONGEST_QUOTE) -> str:
    """The exception's type and what it says, on one line; where NumPy was given a tensor, what that means.

    Torch's own advice there, ``detach``, would cut the gradient that the exercises are about.
    """
    if _NUMPY_ON_TENSOR in failure.message:
        return "NumPy does not take a tensor that gradients flow through, and torch has such functions of its own"
    return f"{printable(failure.error, 40)}: {printable(failure.message, longest)}".rstrip(": .")


# A class, made of a variable or of what a call gives rather than of numbers and options: `nn.ReLU(self.linear1(x))`.
_CLASS_OF_DATA = re.compile(r"[.=] ?[A-Z]\w{0,40}\( ?[a-z_][\w.]{0,80}[,)(\[]")


def name_failure(exercise: Exercise, failure: Failure, sizes: str = "") -> Finding:
    """The finding for code that did not return.

    Args:
        exercise: the exercise judged.
        failure: how it stopped.
        sizes: a sentence that tells the sizes of what it was tried with: said where the exception names one of them.
    """
    key, parts = _misconception(exercise, failure)
    message = printable(failure.message)
    plain = _in_plain_words(message).rstrip(".")
    values = {
        "message": plain,
        "error": exception_text(failure, _LONGEST_ERROR if key == "raised" else _LONGEST_QUOTE),
        "line": quoted_line(failure),
        "sizes": f" {sizes}" if _holds_one_of(plain, sizes) else "",
        "name": exercise.name,
        "now": message,
        "culprit": printable(failure.name, 40),
        "why": printable(failure.message, _SHORT_QUOTE),
        "lacking": lacking_words(failure),
        "still": f" `{printable(failure.name, 40)}` is still `...`." if failure.name else "",
    }
    return finding(exercise, key, **values, **parts)


def _misconception(exercise: Exercise, failure: Failure) -> tuple[str, dict[str, str]]:
    """The misconception that a failure shows, and the named parts of the exception's message that it asks for."""
    if failure.kind in _BY_KIND:
        return _BY_KIND[failure.kind], {}
    if failure.kind == "cell" and failure.error not in _IMPORT_ERRORS:
        return "cell-stopped", {}
    if (shown := _BY_CULPRIT.get(failure.holds)) is not None:
        return shown, {}
    if failure.holds == "module" and failure.line:
        return "module-called-with-tensor" if _CLASS_OF_DATA.search(failure.line) else "module-not-called", {}
    if "Boolean value of Tensor" in failure.message and _CLASS_OF_DATA.search(failure.line):
        return "module-called-with-tensor", {}
    for known in exercise.misconceptions:
        for error, message in known.raised:
            if re.fullmatch(error, failure.error) and (found := re.search(message, failure.message)):
                return known.key, found.groupdict()
    return "raised", {}


def _holds_one_of(message: str, sizes: str) -> bool:
    return bool(set(_NUMBER.findall(message)) & set(_NUMBER.findall(sizes)))


def _in_plain_words(message: str) -> str:
    for technical, plain in _SIZES:
        message = re.sub(technical, plain, message)
    return message


def judge_failure(exercise: Exercise, failure: Failure, untouched: bool = True, sizes: str = "") -> Judgement:
    """The judgement where the student's code did not return.

    Args:
        exercise: the exercise judged.
        failure: how it stopped.
        untouched: whether nothing of the student's is known to have run; then ``...`` means "not attempted yet".
        sizes: a sentence that tells the sizes of what it was tried with.
    """
    if failure.kind == "absent" or (failure.kind == "unfinished" and untouched and not failure.begun):
        return not_attempted(exercise)
    return fail_all_checks(exercise, name_failure(exercise, failure, sizes), _STATUSES.get(failure.kind, Status.ERROR))


def name_missing_tensor(exercise: Exercise, result: CallResult) -> Finding:
    """The finding for code that returned something else than a tensor whose numbers can be looked at."""
    if result.returned == "NoneType":
        return finding(exercise, "no-return")
    if result.returned in _MODULES:
        return finding(exercise, "module-not-called", line="")
    if result.returned in _FUNCTIONS:
        return finding(exercise, "brackets-missing", line="")
    is_tensor = "tensor" in result.returned.split()
    needed = "a plain one of real numbers, of the size asked for," if is_tensor else "a tensor"
    return finding(exercise, "not-a-tensor", returned=printable(result.returned), needed=needed)
