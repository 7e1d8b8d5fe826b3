"""Mistakes with values: a thing of one kind stands where Python or PyTorch needs one of another."""

from autograder.course.exercise import EVERY_CHECK, Misconception

_FUNCTIONS = r"(builtin_function_or_method|method|function|builtin_method)"


def value_mistakes(check: str) -> tuple[Misconception, ...]:
    """The misconceptions about functions, numbers and tensors in each other's place, which every exercise shares.

    Args:
        check: key of the check that carries them, the exercise's first.
    """
    return (
        Misconception("brackets-missing", check, (
            "A function stands where its result belongs: behind its name the brackets that call it are missing. {line}"
        ), (
            "`loss = errors.sum` or `z = z.sigmoid`: without brackets this is the method itself, which Python lets "
            "pass until something is asked of it that only a tensor has."
        ), hides=EVERY_CHECK, raised=(
            ("AttributeError", rf"^'{_FUNCTIONS}' object has no attribute"),
            ("TypeError", rf"must be Tensor, not {_FUNCTIONS}$"),
            ("TypeError", rf"^unsupported operand.*'{_FUNCTIONS}'"),
            ("TypeError", rf"^'{_FUNCTIONS}' object is not (subscriptable|iterable)"),
        ), title="Function in the place of its result"),
        Misconception("truth-of-tensor", check, (
            "This line asks whether a tensor is true or false, as `if`, `max`, `and` and some options do, and only a "
            "tensor of one number can say. Torch's own functions work number by number. {line}"
        ), (
            "`max(h, 0)`, `if h > 0:`, or a tensor given for an option that is true or false, such as "
            "`F.relu(layer, x)`: Python needs one truth value, and the tensor has one for each number."
        ), hides=EVERY_CHECK, raised=(
            ("RuntimeError", r"Boolean value of Tensor with more than one value"),
        ), title="Tensor asked whether it is true"),
        Misconception("one-number-wanted", check, (
            "A function that takes one number was given a tensor of many, as by `math.exp`, `float` or `.item()`. "
            "Torch's own functions take whole tensors. {line}"
        ), (
            "`math.exp(h)`, `float(kl)` or `.item()` on a tensor with more than one number. Torch has a function of "
            "the same name that works number by number, and keeps the graph."
        ), hides=EVERY_CHECK, raised=(
            ("ValueError|RuntimeError|TypeError", r"only one element tensors can be converted"),
            ("RuntimeError", r"Tensor with \d+ elements cannot be converted to Scalar"),
        ), title="Tensor where one number is wanted"),
        Misconception("value-called", check, (
            "{message}: it is a value, not a function. Leave the brackets out, or is a `*` missing before them? {line}"
        ), (
            "`vae.encoder.kl()` or `x.shape()`: an attribute that holds a value is called like a method. Or `0.5(x - "
            "y)`: written as in mathematics, without the sign for the product."
        ), hides=EVERY_CHECK, raised=(
            ("TypeError", r"^'(Tensor|torch\.Size|tuple|float|int|device|str)' object is not callable"),
        ), title="Value called like a function"),
        Misconception("wrong-kind", check, (
            "{message}: what stands before the dot is another kind of thing than that. {line}"
        ), (
            "An attribute of a tensor or a layer is asked of a list, a tuple, a number or `None`: a batch that was not "
            "unpacked, a list that was not stacked, a function that returned nothing."
        ), hides=EVERY_CHECK, raised=(
            (
                "AttributeError",
                r"^'(list|tuple|int|float|bool|dict|str|set|generator|NoneType|numpy\.\w+)' object has no attribute",
            ),
        ), title="Attribute of another kind of thing"),
    )  # fmt: skip
