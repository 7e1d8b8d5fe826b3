"""What students write into texts: harmless where it is shown, and to the letter as they wrote it where it was so."""

import base64
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hostile import ATTACHED, BREAKING, CLICKED, HONEST, SHOWN, filled, picture
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.strings import strip_files_prefix
from PIL import Image

from autograder.nbgrader import safe_text
from autograder.nbgrader.allowed_html import AllowedHtml
from autograder.nbgrader.safe_text import AS_SOURCE, NOT_SHOWN, PARTLY, SafeTexts, Text

EXPORTER = HTMLExporter()
ALLOWED = AllowedHtml(frozenset({"test_encoder"}))
PICTURE = {"a.png": {"image/png": picture()}}
PAYLOADS = {name: filled(name, text) for name, text in {**SHOWN, **CLICKED, **BREAKING}.items()}

UNTOUCHED = {
    "prose": HONEST,
    "signs": "a < b, c > d & e; \"x\" 'y' &amp; &lt;b&gt; 1 << 2, <3, x<y",
    "headings": "# One\n\nTwo\n---\n\n### Three `x` *y*",
    "lists": "- a\n- b\n  1. c\n\n7. d\n\n- [ ] open\n- [x] done\n\nterm\n: what it is",
    "table": "| a | b | c |\n|:--|--:|:-:|\n| `<b>` | **2** | ~~3~~ |",
    "line breaks": "a  \nb\\\nc<br>d<br/>e<br />f",
    "html": "H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>, <mark>m</mark>, <b>b</b>, <u>u</u>, <small>s</small>",
    "details": "<details><summary>More</summary>\n\nText **b**\n\n</details>",
    "colours": '<span style="color:red; background-color: #eee">r</span> <font color="blue">b</font>',
    "centred": "<center>c</center>",
    "aligned": '<div align="center">\n\n**x**\n\n</div>',
    "math": "$x<y$, $$\\frac{a}{b}$$ and $\\displaystyle \\text{a}$",
    "more math": "\\begin{align}a&=b\\\\c&<d\\end{align}\n\n\\\\(z\\\\) \\\\[w\\\\]",
    "links": "[a](https://example.org/x?a=1&b=2#c 'title') <https://example.org> <me@example.org> [p](#One)",
    "bare link": "see https://example.org, or else",
    "references": "[a][ref] and [ref]\n\n[ref]: https://example.org 'title'",
    "picture": "![green](attachment:a.png 'title')",
    "pasted picture": f"![green](data:image/png;base64,{picture()})",
    "code": "`<script>`\n\n```python\nprint('<img src=x onerror=1>')\n```\n\n    <script>indented</script>",
    "code between tildes": "~~~\n</div>\n~~~",
    "other code": "```{r echo=FALSE}\nx <- 1\n```\n\n```html\n<script>1</script>\n```",
    "diagram": "```mermaid\ngraph TD; A-->B\n```",
    "code about macros": "`\\href{javascript:1}{x}`\n\n```\n\\require{html}\n```",
    "quote": "> said\n>\n> > twice\n\n---",
    "escapes": "\\<b\\> \\[x\\](javascript:1) \\`a\\` \\*b\\*",
    "letters": "Größe μ σ × ½ 漢字 🙂\u00a0x",
    "windows": "a\r\n\r\nb\r\n",
    "empty": "",
}


def safe(source: str, attachments: object = None) -> Text:
    return SafeTexts(ALLOWED).markdown(source, attachments or {})


def page(text: Text) -> BeautifulSoup:
    """The cell as nbconvert puts it on its pages."""
    html = EXPORTER.markdown2html({"cell": {"attachments": text.attachments}}, text.source)
    return BeautifulSoup(strip_files_prefix(html), "html.parser")


def assert_harmless(shown: Any) -> None:
    """Said without the rules that the sanitiser has itself."""
    for tag in shown.find_all(True):
        assert tag.name not in {
            "script", "style", "svg", "math", "iframe", "object", "embed", "form", "button", "textarea", "link", "meta",
            "base", "video", "audio", "source", "map", "area", "template", "noscript", "title", "body", "plaintext",
        }, tag.name  # fmt: skip
        for name, value in tag.attrs.items():
            assert not name.startswith("on"), name
            assert name not in {"srcset", "srcdoc", "action", "formaction", "name", "target", "background"}, name
            assert "url" not in str(value) or name in {"href", "title", "alt", "src"}, value
        assert tag.get("id") != "test_encoder"
        assert tag.get("href", "#").startswith(("https:", "http:", "mailto:", "#")), tag
        assert tag.get("src", "data:image/png;base64,").startswith("data:image/"), tag


@pytest.mark.parametrize("name", UNTOUCHED)
def test_what_is_harmless_stays_as_it_is(name: str) -> None:
    assert safe(UNTOUCHED[name], PICTURE) == Text(UNTOUCHED[name], PICTURE)
    assert_harmless(page(Text(UNTOUCHED[name], PICTURE)))


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_is_not_is_left_out(name: str) -> None:
    assert safe(PAYLOADS[name]).source != PAYLOADS[name]
    assert_harmless(page(safe(PAYLOADS[name])))


@pytest.mark.parametrize("name", [*PAYLOADS, *UNTOUCHED])
def test_what_is_safe_stays_so(name: str) -> None:
    once = safe({**PAYLOADS, **UNTOUCHED}[name], PICTURE)
    assert safe(once.source, once.attachments) == once


PIECES = st.sampled_from(
    [*PAYLOADS.values(), *UNTOUCHED.values(), "<", ">", "</", "<!--", "-->", "`", "```\n", "\n", "\n\n", "    ", "> ",
     "- ", "$", "$$", "\\", "[", "](", ")", "<b", "<a href=", "javascript:", "&lt;", "&#", '"', "'", "=", "<div>", "|"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=4), max_size=6).map("".join))
def test_whatever_is_put_together_is_harmless_and_stays_so(source: str) -> None:
    once = safe(source, PICTURE)
    assert_harmless(page(once))
    assert safe(once.source, once.attachments) == once


@settings(max_examples=150)
@given(st.text(st.characters(exclude_characters="<&[\\", exclude_categories=["Cs"])))
def test_a_text_without_html_and_links_is_never_changed(source: str) -> None:
    assert safe(source).source == source


def test_code_beside_something_hostile_stays_code() -> None:
    shown = page(safe("<script>1</script>\n\n`<i>` and\n\n```\nline <b>\n\n\n    last\n```\n\n$a<b$"))
    assert [code.get_text() for code in shown.find_all("code")] == ["<i>", "line <b>\n\n\n    last\n"]
    assert PARTLY in shown.get_text()
    assert "$a<b$" in shown.get_text()


def test_a_picture_from_elsewhere_becomes_a_link() -> None:
    shown = page(safe("![a plot](https://example.org/plot.png)"))
    assert (shown.img, shown.a and shown.a["href"], shown.a and shown.a.text) == (
        None,
        "https://example.org/plot.png",
        "a plot",
    )


@pytest.mark.parametrize("name", ATTACHED)
def test_what_is_attached_and_no_picture_is_left_out(name: str) -> None:
    made = safe(f"![{name}](attachment:{name}) ![green](attachment:a.png)", {name: ATTACHED[name], **PICTURE})
    assert made.attachments == {}
    [image] = page(made).find_all("img")
    assert image["src"] == f"data:image/png;base64,{picture()}"
    assert name in page(made).get_text()


def encoded(kind: str, size: tuple[int, int]) -> str:
    file = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", size).save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    ("kind", "data", "kept"),
    [
        ("image/jpeg", encoded("JPEG", (4, 4)), True),
        ("image/gif", encoded("GIF", (4, 4)), True),
        ("image/webp", encoded("WEBP", (4, 4)), True),
        ("image/png", encoded("JPEG", (4, 4)), False),
        ("image/png", encoded("PNG", (9000, 9000)), False),
        ("image/png", picture()[:40], False),
        ("image/png", picture() + "!", False),
        ("image/png", "\ud800", False),
        ("image/png", 3, False),
        ("image/tiff", encoded("TIFF", (4, 4)), False),
    ],
    ids=["jpeg", "gif", "webp", "jpeg as png", "too many pixels", "cut", "no base64", "half a character", "3", "tiff"],
)
def test_pictures_are_what_they_are_said_to_be(kind: str, data: object, kept: bool) -> None:
    made = safe("text", {"x": {kind: data}})
    assert made == Text("text", {"x": {kind: data}} if kept else {})


def test_a_picture_that_is_too_large_is_left_out() -> None:
    content = base64.b64decode(picture()) + bytes(7 << 20)
    assert safe("text", {"x": {"image/png": base64.b64encode(content).decode()}}) == Text("text", {})


@pytest.mark.parametrize("attachments", [None, 3, [], {"a": 3}, {"a": {"image/png": None}}, {"a": {}}])
def test_attachments_may_be_anything(attachments: object) -> None:
    assert safe("text", attachments) == Text("text", {})


def test_a_text_of_another_kind_is_shown_as_it_was_written() -> None:
    written = "<script>1</script>\n\n```\nx\n```\n$\\href{javascript:1}{x}$"
    made = SafeTexts(ALLOWED).plain(written)
    assert AS_SOURCE in made.source
    assert page(made).find("code").get_text() == f"{written}\n"  # type: ignore[union-attr]
    assert safe(made.source) == made


def test_a_text_that_is_too_long_to_render_is_shown_as_it_was_written() -> None:
    made = safe("word " * 3000)
    assert AS_SOURCE in made.source
    assert "word word" in page(made).get_text()
    assert safe("x" * 300_000).source == NOT_SHOWN


def test_long_pictures_in_a_text_stand_beside_it() -> None:
    noise = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(noise, "PNG")
    data = base64.b64encode(noise.getvalue()).decode()
    made = safe(f"I see ![noise](data:image/png;base64,{data}) **here**")
    assert made == Text("I see ![noise](attachment:pasted-1) **here**", {"pasted-1": {"image/png": data}})
    assert len(data) > 10_000


def test_once_a_notebook_has_taken_long_nothing_more_of_it_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_text, "_SECONDS", 0.01)
    texts = SafeTexts(ALLOWED)
    shown = [texts.markdown("[" * 1500, {}).source for _ in range(4)]
    assert shown[0] == "[" * 1500
    assert AS_SOURCE in shown[-1]
