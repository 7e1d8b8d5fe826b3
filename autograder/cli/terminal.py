"""What all commands share: the two consoles, and ending on a signal."""

import codecs
import io
import sys
import unicodedata

from rich.console import Console
from rich.text import Text

from autograder.judging.failures import printable

_LONGEST_COMPLAINT = 1000


# What stands for a character that a console's encoding lacks; in a table each is as wide as what it stands for.
_PLAIN = {
    "✓": "+", "◐": "~", "✗": "x", "◷": "t", "·": ".", "…": "~", "×": "x", "–": "-", "—": "-", "’": "'",
    "“": '"', "”": '"', "─": "-", "━": "-", "│": "|", "•": "*", "█": "#", "½": "1/2", "μ": "mu", "σ": "sigma",
    "ε": "eps", "≤": "<=", "≥": ">=", "→": "->", "Σ": "sum", "ß": "ss",
}  # fmt: skip


def _in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    """What a console shows in place of what it cannot: a sign of its own, a letter without its accent, or `?`."""
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign) or _without_accent(sign) for sign in text), error.end


def _without_accent(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


codecs.register_error("autograder.plain", _in_plain_signs)


def show_any_text() -> None:
    """Let nothing that is printed end a command, whatever the console's encoding lacks: students have names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="autograder.plain")


def out() -> Console:
    """The console for what was asked for."""
    show_any_text()
    return Console(highlight=False)


def err() -> Console:
    """The console for what went wrong, and for progress."""
    show_any_text()
    return Console(stderr=True, highlight=False)


def complain(message: str) -> None:
    """One line about what is wrong; names of files in it may be students'."""
    err().print(Text(f"autograder: {printable(message, _LONGEST_COMPLAINT)}"), soft_wrap=True)
