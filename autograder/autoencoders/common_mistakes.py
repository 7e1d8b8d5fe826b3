"""Misconceptions that every exercise of this course shares."""

from autograder.course.exercise import EVERY_CHECK, Misconception
from autograder.course.python_mistakes import python_mistakes

_ASKED_FOR = "Encoder|Decoder|VariationalEncoder"
_NETWORKS = r"\w*(?:Auto)?[Ee]ncoder|Decoder"


def common_mistakes(check: str) -> tuple[Misconception, ...]:
    """The misconceptions that any exercise may hold; ``check`` is the key of its first check, which carries them."""
    return (
        Misconception("constructor-arguments", check, (
            "The class could not be built with the latent size as its one argument: {message}. In the `def` line, "
            "`self` comes before the size."
        ), (
            "The notebook builds the class with one positional argument, the latent size. A constructor that needs "
            "more arguments, or none, cannot be used by the cells that follow."
        ), hides=EVERY_CHECK, raised=(("TypeError", rf"^({_ASKED_FOR})\.__init__\(\) (takes|missing|got)"),),
            title="Constructor with other arguments",
        ),
        Misconception("not-a-module", check, (
            "Calling the class {message}. Does its `class` line name `nn.Module` in brackets?"
        ), (
            "`class Encoder:` in place of `class Encoder(nn.Module):`, or a function that makes something else: what "
            "it gives has no parameters that an optimizer could be given."
        ), hides=EVERY_CHECK, raised=(("NotAModule", r""),), title="Class without nn.Module"),
        Misconception("scale-not-positive", check, (
            "A normal law was given a spread that is not positive everywhere. A layer may give any number: what makes "
            "a positive σ of it? {line}"
        ), (
            "`Normal(mu, logvar)` or the like: the head's output is handed over as the standard deviation, and the law "
            "refuses a negative one."
        ), hides=EVERY_CHECK, raised=(
            ("ValueError", r"^Expected parameter (scale|scale_tril|covariance_matrix|base_scale)\b"),
            ("RuntimeError", r"^normal expects .*std >= 0"),
        ), title="Spread that is not positive"),
        Misconception("wrong-arguments", check, (
            "`{function}` takes no such arguments together: ({given}). Is one missing, such as a size, or is one of "
            "another kind? {line}"
        ), (
            "A function of torch was called with arguments of kinds that none of its forms takes, such as "
            "`torch.normal(0, 1)` without a size."
        ), hides=EVERY_CHECK, raised=(
            (
                "TypeError",
                r"^(?P<function>\w{1,40})\(\) received an invalid combination of arguments - got "
                r"\((?P<given>[^()]{0,80})\)",
            ),
        ), title="Arguments that do not go together"),
        Misconception("never-made", check, (
            "{message}: nothing of that name is made in `__init__`. {line}"
        ), (
            "`forward` uses a layer, or something else of the object, that the constructor does not make: forgotten, "
            "or lost when code was put together of two sources."
        ), hides=EVERY_CHECK, title="Used, and never made"),
        Misconception("number-for-tensor", check, (
            "`{function}` takes tensors only, and was given a plain number of Python's ({given}). {line}"
        ), (
            "`torch.maximum(h, 0)`: unlike NumPy's function of that name, torch's takes no plain numbers."
        ), hides=EVERY_CHECK, raised=(
            ("TypeError", r"^(?P<function>\w{1,40})\(\): argument .{1,40} must be Tensor, not (?P<given>int|float)$"),
        ), title="Number where a tensor is needed"),
        Misconception("pair-for-tensor", check, (
            "`{function}` with a dimension gives a pair, the values and their places; one tensor is needed here. {line}"
        ), (
            "`torch.max(h, 0)` does not compare with 0: the second argument is a dimension, and what comes back is a "
            "pair. A ReLU is meant, as a rule."
        ), hides=EVERY_CHECK, raised=(
            ("TypeError", r"must be Tensor, not torch\.return_types\.(?P<function>\w{1,40})$"),
            ("TypeError", r"^unsupported operand.*'torch\.return_types\.(?P<function>\w{1,40})'"),
        ), title="Values and places where one tensor is needed"),
        Misconception("array-meets-tensor", check, (
            "An array of NumPy's meets a tensor here, and they do not compute with each other. Torch has functions for "
            "this as well, which give tensors. {line}"
        ), (
            "`np.random.randn(…) * sigma`, or what `np.where` gives, handed to a layer: an array is no tensor."
        ), hides=EVERY_CHECK, raised=(
            ("TypeError", r"^unsupported operand.*'numpy\.ndarray' and '(Tensor|Parameter)'"),
            ("TypeError", r"must be Tensor, not numpy\.ndarray$"),
        ), title="NumPy's array meets a tensor"),
        *python_mistakes(check, _NETWORKS),
    )  # fmt: skip
