"""What HTML a student's text may bring onto a page that an instructor or a student opens."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

import nh3

from autograder.nbgrader.pictures import is_picture

# What Markdown is rendered to and what people add to it by hand: nothing that loads or runs something.
_TAGS = frozenset(
    "a abbr b blockquote br caption center code dd del details div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 "  # noqa: SIM905
    "hr i img input ins kbd li mark ol p pre q s samp small span strike strong sub summary sup table tbody td tfoot "
    "th thead tr tt u ul var".split()
)
_VOID = frozenset({"br", "hr", "img", "input"})
_ATTRIBUTES = {
    "a": {"href"},
    "details": {"open"},
    "font": {"color", "size"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_ON_EVERY_TAG = {"align", "class", "style", "title"}

# No address is relative: formgrader serves what lies beside the notebook, and nbconvert, later, takes `files/` off the
# front of `files/javascript:…`.
_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+|#[^\s\x00-\x1f]*")
_PICTURE = re.compile(r"data:(image/[a-z]+);base64,([A-Za-z0-9+/=]*)")
_PLAIN = re.compile(r"[\w#%. +-]*")
_STYLE = re.compile(
    r"(?:\s*(?:color|background-color|font-(?:style|weight|size)|text-(?:align|decoration)|width|height)"
    r"\s*:[\w#%. +-]*(?:;|$))*\s*"
)
# Classes with which nbconvert colours code, marks headings and lays out lists; none that the pages' scripts look for.
_CLASSES = re.compile(
    r"highlight|anchor-link|task-list-item(?:-checkbox)?|(?:jp-M|m)ermaid|(?:language|hl)-\S+|[a-z]{1,2}[a-z0-9]?"
)

# One tag, written so that every parser reads it alike.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[ \t\n]+[a-z]+(?:=\"[^\"]*\")?)*)[ \t\n]*/?>")
_ATTRIBUTE = re.compile(r"([a-z]+)(?:=\"([^\"]*)\")?")
# MathJax's commands that make links, load extensions, or set attributes.
_MACROS = re.compile(
    r"\\(?:bbox|class|cssId|data|href|html\w*|includegraphics|mathtip|mmlToken|require|style|texttip|unicode|url)(?![a-zA-Z])"
)


@dataclass(frozen=True)
class AllowedHtml:
    """The rules for the pages of one assignment.

    Attributes:
        names: the names by which nbgrader's pages find their own parts; no heading may take one.
    """

    names: frozenset[str] = frozenset()

    def holds_for(self, page: str) -> bool:
        """Whether everything in a piece of a page is allowed, closed where it was opened, and read alike by all."""
        opened: list[str] = []
        prose: list[str] = []
        for text, tag in _split(page):
            if "<" in text:
                return False
            if not {"code", "pre"} & set(opened):
                prose.append(text)
            if tag is None:
                continue
            closing, name, attributes = tag.groups()
            if closing:
                if not opened or opened.pop() != name:
                    return False
            elif not self._allows(name, attributes):
                return False
            elif name not in _VOID:
                opened.append(name)
        return not opened and not _MACROS.search(html.unescape("".join(prose)))

    def cleaned(self, page: str) -> str:
        """The piece with nothing left in it that is not allowed."""
        return self._cleaner.clean(page)

    def _allows(self, name: str, attributes: str) -> bool:
        values = [(key, html.unescape(value)) for key, value in _ATTRIBUTE.findall(attributes)]
        if name == "input" and ("type", "checkbox") not in values:
            return False
        known = _ATTRIBUTES.get(name, set()) | _ON_EVERY_TAG
        return name in _TAGS and all(
            key in known and self._value(name, key, value) is not None for key, value in values
        )

    @cached_property
    def _cleaner(self) -> nh3.Cleaner:
        return nh3.Cleaner(
            tags=set(_TAGS),
            attributes={**{name: set(keys) for name, keys in _ATTRIBUTES.items()}, "*": set(_ON_EVERY_TAG)},
            attribute_filter=self._value,
            clean_content_tags={"script", "style", "svg", "math", "template", "noscript"},
            url_schemes={"http", "https", "mailto", "data"},
            link_rel=None,
        )

    def _value(self, tag: str, attribute: str, value: str) -> str | None:
        """The value where it is allowed there, else ``None``."""
        del tag  # each attribute has one meaning wherever it may stand
        match attribute:
            case "alt" | "title":
                holds = True
            case "href":
                # formgrader's addresses do things, some of them for whoever follows a link.
                holds = bool(_LINK.fullmatch(value)) and "formgrader" not in unquote(value).lower()
            case "src":
                found = _PICTURE.fullmatch(value)
                holds = found is not None and is_picture(found[1], found[2])
            case "class":
                holds = all(_CLASSES.fullmatch(one) for one in value.split())
            case "style":
                holds = bool(_STYLE.fullmatch(value))
            case "id":
                holds = value not in self.names
            case "type":
                holds = value == "checkbox"
            case _:
                holds = bool(_PLAIN.fullmatch(value))
        return value if holds else None


def _split(page: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Text and the tag behind it, again and again; the last text has none."""
    start = 0
    for tag in _TAG.finditer(page):
        yield page[start : tag.start()], tag
        start = tag.end()
    yield page[start:], None
