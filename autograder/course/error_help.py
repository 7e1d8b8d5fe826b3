"""How to find a mistake of Python or PyTorch oneself, in any exercise: what ``hint`` opens after such an error.

The texts say where to look, not what to write; the examples are about other things than any exercise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class ErrorHelp:
    """Help with one kind of error.

    Attributes:
        title: the kind.
        text: how such a mistake is found.
        code: an example in which all is right.
    """

    title: str
    text: str
    code: str


_CLASS = """
class Amplifier(nn.Module):
    def __init__(self, gain):
        super().__init__()
        self.gain = gain            # kept in the object

    def forward(self, sound):       # same column as __init__
        louder = self.gain * sound  # found in the object
        return louder
"""

_SYNTAX = ErrorHelp(
    "Python does not understand the cell",
    "Nothing of the cell has run. Look at the line that the error shows, and at the one above it: is a bracket not "
    "closed, a `:` missing behind `def`, `class` or `for`, or a line indented further than its neighbours?",
    _CLASS,
)
_NAME = ErrorHelp(
    "A name that is not known",
    "Python knows a name only after a line has set it, letter by letter, and only in the function that has set it. "
    "Look for the line that sets yours: is it spelt alike, does it come first, does it need `self.`?",
    _CLASS,
)
_OBJECT = ErrorHelp(
    "What belongs to an object",
    "A variable of `__init__` is gone when that ends. What `forward` needs is kept with `self.` before its name, in "
    "both places, and `super().__init__()` stands above it. Every method's first argument is `self`.",
    _CLASS,
)
_CLASSES = ErrorHelp(
    "Which lines belong to a class",
    "How far a line is indented says what it belongs to: `def` of each method four blanks, its lines eight. Compare "
    "your columns, and the names of both methods, with these.",
    _CLASS,
)
_CALL = ErrorHelp(
    "Classes, objects, functions and values",
    "A class is called once, with its options, and gives an object. The object is called with data and gives a tensor, "
    "as a function does. A tensor or a number is not called. Which of them is each name in the line that stops?",
    """
network = Amplifier(2.0)      # a class gives an object
louder = network(sound)       # the object gives a tensor
clipped = torch.tanh(louder)  # a function gives a tensor
length = clipped.shape[1]     # a value is not called
""",
)
_LOOP = ErrorHelp(
    "What a loop gives its names",
    "`for` takes things out of something that holds them, one after the other, and each has the parts that it was put "
    "in with. Take the first one out in a cell of your own, and look at it: is it one thing or several, and of what "
    "kind is each?",
    """
recordings = [(torch.rand(50), "flute"), (torch.rand(50), "oboe")]
first = next(iter(recordings))  # what the loop would get first
print(type(first), len(first))  # two parts, a sound and its name
for sound, name in recordings:
    print(sound.shape)          # torch.Size([50])
for number, (sound, name) in enumerate(recordings):
    print(number, name)
""",
)
_RETURN = ErrorHelp(
    "What a function gives back",
    "A function hands over what stands behind `return`, and nothing without one. Is there a `return` on every way "
    "through it, in the right column, and is what stands behind it one tensor?",
    _CLASS,
)
_SHAPE = ErrorHelp(
    "Shapes that do not fit",
    "`nn.Linear(a, b)` takes rows of `a` numbers and gives rows of `b`; tensors that are added or subtracted have the "
    "same shape. Try your steps one by one in a cell of your own and print each shape: the first that differs from the "
    "exercise's table is the place.",
    """
sounds = torch.rand(8, 2, 50)  # 8 times 2 channels of 50
rows = sounds.reshape(8, 100)
print(rows.shape)              # torch.Size([8, 100])
layer = nn.Linear(100, 20)
print(layer(rows).shape)       # torch.Size([8, 20])
""",
)
_KIND = ErrorHelp(
    "Numbers of another kind, or in another place",
    "Every tensor has a `dtype` and a `device`, and those that meet need the same. Print both for each tensor of the "
    "line that stops. A new tensor takes them best from one that is there.",
    """
noise = torch.rand_like(sound)
steps = torch.arange(5).to(sound)  # its dtype and device
""",
)
_MATHS = ErrorHelp(
    "Mathematics with tensors",
    "Gradients flow through torch's own functions, not through NumPy's. Powers are written `**`, products `*`, and a "
    "bracket needs its sign before it.",
    """
distance = torch.sqrt((a - b) ** 2 + 1)
weighted = 0.5 * (distance + 3)
""",
)
_ERROR = ErrorHelp(
    "Reading an error",
    "Read it from its end: the last line says what is wrong, the arrow above it in which line of yours. Run the lines "
    "before that one by one, in a cell of your own, and print what they give.",
    """
sound = torch.rand(8, 100)
print(type(sound), sound.shape, sound.dtype)
""",
)

_BY_MISTAKE: Mapping[str, ErrorHelp] = MappingProxyType(
    {
        **dict.fromkeys(("misspelt-name", "used-before-set"), _NAME),
        **dict.fromkeys(("self-forgotten", "argument-not-kept", "no-self", "no-super-init", "stray-comma"), _OBJECT),
        "super-init-misspelt": _OBJECT,
        **dict.fromkeys(("forward-inside", "forward-outside", "forward-misspelt", "no-forward"), _CLASSES),
        **dict.fromkeys(("init-misspelt", "init-outside", "cell-split", "not-a-module"), _CLASSES),
        **dict.fromkeys(
            ("class-called", "module-not-called", "module-called-with-tensor", "value-called", "brackets-missing"),
            _CALL,
        ),
        **dict.fromkeys(("model-unpacked", "too-many-arguments", "list-of-layers"), _CALL),
        **dict.fromkeys(("batch-not-unpacked", "pair-without-brackets", "range-missing"), _LOOP),
        **dict.fromkeys(("no-return", "not-a-tensor"), _RETURN),
        "shape-mismatch": _SHAPE,
        **dict.fromkeys(("dtype-mismatch", "device-mismatch", "cuda-hard-coded"), _KIND),
        **dict.fromkeys(("numpy-on-tensor", "power-operator", "truth-of-tensor", "one-number-wanted"), _MATHS),
        **dict.fromkeys(("cell-stopped", "raised", "wrong-kind"), _ERROR),
    }
)
_BY_ERROR: Mapping[str, ErrorHelp] = MappingProxyType(
    {
        **dict.fromkeys(("SyntaxError", "IndentationError", "TabError", "_IncompleteInputError"), _SYNTAX),
        **dict.fromkeys(("NameError", "UnboundLocalError"), _NAME),
    }
)


def help_with_mistake(key: str) -> ErrorHelp | None:
    """Help with a named mistake, also with an exercise's name before it; ``None`` where it is not about Python."""
    return _BY_MISTAKE.get(key.rpartition("/")[2])


def help_with_error(kind: str) -> ErrorHelp:
    """Help with an error that has stopped a cell, by its type's name."""
    return _BY_ERROR.get(kind, _ERROR)
