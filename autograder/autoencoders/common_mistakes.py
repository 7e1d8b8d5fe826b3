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
            "`torch.distributions` was given a spread that is not positive everywhere. A layer may give any number: "
            "what makes a positive σ of it? {line}"
        ), (
            "`Normal(mu, logvar)` or the like: the head's output is handed over as the standard deviation, and the law "
            "refuses a negative one."
        ), hides=EVERY_CHECK, raised=(
            ("ValueError", r"^Expected parameter (scale|scale_tril|covariance_matrix|base_scale)\b"),
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
        *python_mistakes(check, _NETWORKS),
    )  # fmt: skip
