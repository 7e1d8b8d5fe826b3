"""A line of code that shows what a mistake looks like in a class."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from autograder.reports.class_findings import Mistake

_ATTRIBUTE = re.compile(r"\bself\.\w+")
_OTHERS = 1 / 4  # of the share of those with the mistake: how many of the others may have such a line


def typical_line(
    mistake: Mistake, lines: Mapping[str, Sequence[str]], right: Iterable[str], named: Sequence[str]
) -> str:
    """A line of code that shows a mistake: one that many who have it wrote, and few of those who have none there.

    What is missing from a cell shows in no line of it. So there is none where each line is written by the others, too,
    but for the names that they give to their layers.

    Args:
        mistake: the mistake.
        lines: the own code lines of each student that the check is about.
        right: students whose exercise is all right.
        named: the lines that messages to those with the mistake quote; these come first.

    Returns:
        The line; empty where none shows the mistake.
    """
    if named:
        return Counter(named).most_common(1)[0][0]
    with_it = [lines[student] for student in mistake.students if lines.get(student)]
    without = [lines[student] for student in right if lines.get(student)]
    if not with_it:
        return ""
    written = Counter(line for one in with_it for line in set(one))
    having, passing = (
        Counter(form for one in group for form in {_form(line) for line in one}) for group in (with_it, without)
    )

    def shares(line: str) -> tuple[float, float]:
        form = _form(line)
        return having[form] / len(with_it), passing[form] / max(1, len(without))

    telling = {line: mine - theirs for line in written for mine, theirs in [shares(line)] if theirs <= _OTHERS * mine}
    return min(telling, key=lambda line: (-telling[line], -len(line), -written[line], line), default="")


def _form(line: str) -> str:
    """A line whatever its attributes are called."""
    return _ATTRIBUTE.sub("self._", line)
