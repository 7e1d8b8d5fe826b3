"""Students' texts, such that whoever opens nbgrader's pages sees them and runs nothing of them.

nbgrader's templates render Markdown without cleaning it. So a text is rendered here as they do, and looked at: where
all of it is allowed it stays as it is, to the letter. Else it is replaced by what is allowed of its rendering; and
where not even that can be shown, by its source as plain text.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.nbgrader.allowed_html import AllowedHtml
from autograder.nbgrader.pictures import is_picture

PARTLY = "Of this text's HTML, links and pictures only what is harmless is shown. What was handed in is unchanged."
AS_SOURCE = "This text is shown here as it was written."
NOT_SHOWN = "*This text cannot be shown here. What was handed in is unchanged.*"

# Rendering takes time that grows with the square of a hostile text's length: a second or two for the longest.
_LONGEST_RENDERED = 10_000
_SECONDS = 4.0
_LONGEST_SHOWN = 200_000
_EMPTY_LINE = re.compile(r"\n(?=[^\S\n]*\n)")
_NO_PICTURE = re.compile(r"<img(?: (?!src=)[a-z]+=\"[^\"]*\")*>")
_TICKS = re.compile(r"`+")
# As Colab writes a picture that was pasted.
_PASTED = re.compile(r"(?<=\]\()data:(image/[a-z]+);base64,([A-Za-z0-9+/=]+)(?=\))")

Attachments = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Text:
    """A text and the pictures that it shows."""

    source: str
    attachments: Attachments


class SafeTexts:
    """Makes the texts of one notebook safe; what comes once it has taken long is shown as it was written."""

    def __init__(self, allowed: AllowedHtml) -> None:
        self._allowed = allowed
        self._seconds = 0.0

    def markdown(self, source: str, attachments: object) -> Text:
        """A Markdown cell as it may be shown; the same where there is nothing in it to leave out."""
        text = Text(source, _pictures(attachments))
        if len(source) > _LONGEST_RENDERED:
            text = _with_pictures_beside(text)
        started = time.thread_time()
        safe = next((one for one in self._candidates(text) if self._is_safe(one)), Text(NOT_SHOWN, {}))
        self._seconds += time.thread_time() - started
        return safe

    def plain(self, source: str) -> Text:
        """A text of no kind that is rendered, as a Markdown cell that shows it as it was written."""
        fence = "`" * max([3, *(len(ticks) + 1 for ticks in _TICKS.findall(source))])
        text = Text(f"*{AS_SOURCE}*\n\n{fence}\n{source}\n{fence}", {})
        return text if len(source) <= _LONGEST_SHOWN and self._is_safe(text) else Text(NOT_SHOWN, {})

    def _candidates(self, text: Text) -> Iterator[Text]:
        if len(text.source) <= _LONGEST_RENDERED and self._seconds <= _SECONDS:
            yield text
            yield from self._what_is_allowed(text)
        yield self.plain(text.source)

    def _what_is_allowed(self, text: Text) -> Iterator[Text]:
        """The rendered text as HTML that Markdown leaves alone: one block, so without an empty line."""
        try:
            cleaned = self._allowed.cleaned(_rendered(text, _LinksForPictures))
        except Exception:  # whatever a text does to the renderer
            return
        kept = _NO_PICTURE.sub("<em>(a picture is not shown)</em>", cleaned).strip()
        block = f"<div>\n<p><em>{PARTLY}</em></p>\n{kept}\n</div>"
        yield Text(_EMPTY_LINE.sub("&#10;", block), {})

    def _is_safe(self, text: Text) -> bool:
        try:
            return self._allowed.holds_for(_rendered(text, IPythonRenderer))
        except Exception:  # nbgrader's page would fail alike
            return False


def _pictures(attachments: object) -> Attachments:
    """Of what is attached to a cell, the pictures, as the format wants them."""
    found = attachments if isinstance(attachments, dict) else {}
    pictures = {
        name: {kind: data for kind, data in kinds.items() if isinstance(data, str) and is_picture(kind, data)}
        for name, kinds in found.items()
        if isinstance(kinds, dict) and name.isprintable()
    }
    return {name: kinds for name, kinds in pictures.items() if kinds}


def _with_pictures_beside(text: Text) -> Text:
    """The same with the pictures in its source attached to it: as a part of the source they take long to render."""
    attachments = dict(text.attachments)

    def attach(pasted: re.Match[str]) -> str:
        name = f"pasted-{len(attachments) + 1}"
        attachments[name] = {pasted[1]: pasted[2]}
        return f"attachment:{name}"

    source = _PASTED.sub(attach, text.source)
    return Text(source, _pictures(attachments))


def _rendered(text: Text, renderer: type[IPythonRenderer]) -> str:
    """What nbgrader's pages make of a Markdown cell."""
    markdown = MarkdownWithMath(renderer=renderer(escape=False, attachments=text.attachments))
    return markdown.render(text.source)


class _LinksForPictures(IPythonRenderer):
    """Puts a link where a picture would be fetched from elsewhere, and words where one is missing."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith(("http:", "https:")):
            return f'<a href="{escape(url)}">{text or escape(url)}</a>'
        if url.startswith("attachment:") and url.removeprefix("attachment:") not in self.attachments:
            return f"<em>(not shown: {text or 'a picture'})</em>"
        return super().image(text, url, title)
