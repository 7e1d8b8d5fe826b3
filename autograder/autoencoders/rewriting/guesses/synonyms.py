"""Names that mean one thing in variational encoders: which variables a name that nothing has may stand for."""

from collections.abc import Iterable, Iterator

_SPELLINGS = {
    "mean": ("mu", "mean", "means", "m", "mus", "loc", "zmean", "muz"),
    "spread": ("sigma", "std", "stddev", "sd", "s", "stdev", "scale", "standarddeviation", "zstd"),
    "log of the spread": ("logsigma", "logstd", "logs", "lnsigma", "logsd"),
    "variance": ("var", "variance", "sigma2", "sigmasq", "sigmasquared"),
    "noise": ("eps", "epsilon", "noise", "e"),
    "log of the variance": ("logvar", "logvariance", "lv", "logsigma2", "lnvar", "zlogvar"),
}
# Of noise that nothing has drawn there is none.
_NO_NOISE = "0.0"
# How each is computed from another one.
_FROM = {
    "spread": {
        "log of the spread": "torch.exp({})",
        "log of the variance": "torch.exp(0.5 * {})",
        "variance": "torch.sqrt({})",
    },
    "log of the spread": {
        "spread": "torch.log({})",
        "log of the variance": "(0.5 * {})",
        "variance": "(0.5 * torch.log({}))",
    },
    "variance": {
        "spread": "({} ** 2)",
        "log of the variance": "torch.exp({})",
        "log of the spread": "torch.exp(2 * {})",
    },
    "log of the variance": {
        "log of the spread": "(2 * {})",
        "spread": "(2 * torch.log({}))",
        "variance": "torch.log({})",
    },
}


def meant_by(name: str, variables: Iterable[str]) -> Iterator[str]:
    """Expressions of the variables that may be meant by a name, the likeliest first."""
    meaning = _meaning(name)
    if not meaning:
        return
    others = [(other, _meaning(other)) for other in variables]
    yield from (other for other, its in others if its == meaning)
    for source, written in _FROM.get(meaning, {}).items():
        yield from (written.format(other) for other, its in others if its == source)
    if meaning == "noise":
        yield _NO_NOISE


def _meaning(name: str) -> str:
    plain = name.lower().replace("_", "")
    return next((meaning for meaning, spellings in _SPELLINGS.items() if plain in spellings), "")
