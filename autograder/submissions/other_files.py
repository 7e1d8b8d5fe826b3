"""What a file is that was handed in as a notebook and is none, and what mends it."""

import re

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "save it in Jupyter and hand in the .ipynb file"
_BEGINNINGS = (
    (b"%PDF", f"a PDF: {_AGAIN}, not a print of it"),
    (_OLD_OFFICE, f"an Office document: {_AGAIN}"),
    (b"{\\rtf", f"a text document (RTF): {_AGAIN}"),
    (b"\x1f\x8b", "a compressed archive under the name of a notebook: unpack it and hand in the .ipynb file"),
    (b"7z\xbc\xaf", "a 7z archive under the name of a notebook: unpack it and hand in the .ipynb file"),
    (b"Rar!", "a RAR archive under the name of a notebook: unpack it and hand in the .ipynb file"),
    (b"\x89PNG", f"a picture: {_AGAIN}"),
    (b"\xff\xd8\xff", f"a picture: {_AGAIN}"),
    (b"version https://git-lfs", "a pointer of Git LFS: fetch the notebook itself (`git lfs pull`) and hand in that"),
)
_PAGE = re.compile(rb"\s*+(?:<!--.{0,500}-->\s*+)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(rb"(?:from \w[\w.]* import |import \w|class \w+.*:|def \w+\(|@\w|# ?%%|%\w+|#!|#.*coding)", re.ASCII)
_MARKDOWN = re.compile(
    rb"---\s*\n[a-z_]+:.*?\n---\s*\n|.*?^(?:```|~~~)[ \t]*(?:\{[\w.]+|python|ipython)", re.DOTALL | re.MULTILINE
)
_LOOKED_AT = 20_000
CONFLICT = re.compile(rb"^<{7}(?: |\r?$)", re.MULTILINE)


def what_it_is(data: bytes) -> str:
    """What a file that is not JSON is instead, as the rest of a sentence; empty where that does not show."""
    if not data.strip(b"\x00\t\n\r "):
        return f"is empty: nothing was saved, or the upload broke off; {_AGAIN} again"
    if data.startswith(_ZIP):
        return f"is {_archive(data)}"
    for beginning, words in _BEGINNINGS:
        if data.startswith(beginning):
            return f"is {words}"
    if conflict := CONFLICT.search(data):
        line = data.count(b"\n", 0, conflict.start()) + 1
        return (
            f"holds a conflict that git could not merge, in line {line}: choose one of the two versions there "
            "(`git checkout --ours` or `--theirs`), open the notebook once and hand it in again"
        )
    if _PAGE.match(data[:_LOOKED_AT]):
        return f"is a web page (HTML), such as an export or a page to log in: {_AGAIN}"
    if _MARKDOWN.match(data[:_LOOKED_AT]):
        return f"is a Markdown file, as Quarto, R Markdown and Jupytext have them: {_AGAIN}"
    if any(map(_CODE.match, data[:_LOOKED_AT].splitlines())) and not data.lstrip().startswith((b"{", b"[")):
        return "is a Python file under the name of a notebook: put the code into the cells of the notebook handed out"
    return ""


def _archive(data: bytes) -> str:
    for part, words in ((b"word/", "a Word document"), (b"xl/", "an Excel sheet"), (b"ppt/", "a presentation")):
        if b"[Content_Types].xml" in data and part in data:
            return f"{words}: {_AGAIN}"
    return "a zip file under the name of a notebook: unpack it and hand in the .ipynb file"
