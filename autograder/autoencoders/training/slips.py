"""Slips that keep a loss from being sent backwards, by what Python and PyTorch say then."""

import re

from autograder.course.observation import Failure

# The parts of a loss that may be put in where a line of it stops, by the names of such slips.
ERROR, KL, BOTH = "error-put-in", "kl-put-in", "both-put-in"
_NUMBER = re.compile(r"'(float|int|numpy\.(?:float\d+|int\d+|ndarray))' object has no attribute 'backward'")
_WORDS = (
    ("plain-number", _NUMBER),
    ("not-summed", re.compile(r"only for scalar")),
    ("no-graph", re.compile(r"does not require grad")),
)
_CALL_UNPACKED = re.compile(r"^[\w\s,*()]+=\s*(?!(?:next|iter|zip|enumerate|batch)\b)\w+(\.encoder)?(\.forward)?\(")
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


def slip_of(failure: Failure | None) -> str:
    """The misconception about a loss that could not be sent backwards; empty where that is not what stopped."""
    said = "" if failure is None else failure.message
    return next((key for key, words in _WORDS if words.search(said)), "")


def number_in_words(failure: Failure | None) -> dict[str, str]:
    """What a loss is that is no tensor, and what has made it so, for the message about a plain number."""
    found = None if failure is None else _NUMBER.search(failure.message)
    if found is None or not found[1].startswith("numpy"):
        return {"number": "a plain Python number", "made": "`.item()` or `float()`"}
    kind = "an array of NumPy" if found[1].endswith("ndarray") else "a number of NumPy"
    return {"number": kind, "made": "`.numpy()` and functions of NumPy"}


def is_array_beside_tensor(failure: Failure) -> bool:
    """Whether an array of NumPy and a tensor were to be added or multiplied."""
    is_asked = re.search(r"numpy|\bnp\.", failure.line) is not None
    meets = "Can't call numpy() on Tensor" in failure.message and not is_asked
    return meets or "Concatenation operation is not implemented for NumPy arrays" in failure.message


def slip_to_mend(failure: Failure | None) -> str:
    """The misconception that a run which has stopped so may be mended of; empty if there is none."""
    key = slip_of(failure)
    if failure is not None and is_kl_misplaced(failure):
        return "kl-not-there"
    return "detached" if key == "no-graph" else key


def is_explained(failure: Failure) -> bool:
    """Whether what stopped is about the graph, and no slip of the language."""
    return bool(slip_of(failure)) or "backward through the graph a second time" in failure.message


def is_kl_misplaced(failure: Failure) -> bool:
    """Whether the KL term was looked for where it is not."""
    if failure.error == "AttributeError":
        return failure.message.endswith("has no attribute 'kl'")
    name = missing_name(failure)
    return bool(name) and re.search(rf"\b{name}(\.\w+)*\.kl\b", failure.line) is not None


def is_model_unpacked(failure: Failure) -> bool:
    """Whether several names were to take the one thing that a call gives."""
    is_unpacking = failure.error == "ValueError" and "to unpack" in failure.message
    return is_unpacking and _CALL_UNPACKED.search(failure.line) is not None


def name_part_unpacked(failure: Failure) -> dict[str, str]:
    """Which part of the model that was, and what it gives, for the message."""
    found = _CALL_UNPACKED.search(failure.line)
    of_encoder = found is not None and bool(found[1])
    return {"part": ".encoder", "what": "the latent"} if of_encoder else {"part": "", "what": "the reconstruction"}


def missing_name(failure: Failure) -> str:
    """The name that was never given to anything; empty where that is not what stopped."""
    found = _UNDEFINED.search(failure.message) if failure.error == "NameError" else None
    return "" if found is None else found[1]
