"""Names that may be another one misspelt."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

# How alike two names are of which one may be the other misspelt: `log_sigma` and `sigma` are less so.
_ALIKE = 0.75


def alike(name: str, others: Iterable[str]) -> list[str]:
    """Those of the other names that are spelt like this one, the likest first; another number is another thing."""
    plain = {other: _plain(other) for other in others if other != name and not _differs_by_number(name, other)}
    same = [other for other, spelt in plain.items() if spelt == _plain(name)]
    close = get_close_matches(name, [other for other in plain if other not in same], 3, _ALIKE)
    longer = sorted(
        (other for other in plain if min(len(other), len(name)) > 1 and _begin_alike(_plain(name), plain[other])),
        key=len,
    )
    return list(dict.fromkeys([*same, *close, *longer[:2]]))


def _differs_by_number(name: str, other: str) -> bool:
    digits, others = re.sub(r"\D", "", name), re.sub(r"\D", "", other)
    return bool(digits and others) and digits != others


def _begin_alike(name: str, other: str) -> bool:
    return name.startswith(other) or other.startswith(name)


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
