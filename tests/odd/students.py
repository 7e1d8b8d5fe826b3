"""Students' names as file systems allow them, and places where only the command line looks."""

import io
import json
import unicodedata
import zipfile

from submissions import Notebook, right

from odd.case import NAME, NOTHING, Case


def zipped(**files: Notebook | bytes) -> bytes:
    """A zip file of these, by their paths in it."""
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return packed.getvalue()


NAMES = dict.fromkeys(
    (
        "ada",
        "Ada",
        "Smith, J.",
        "O'Brien",
        "a:b",
        "a; drop table student",
        "=SUM(A1)",
        "100%",
        "-rf",
        "con",
        "trailing ",
        "<img src=x>",
        "Zoë 👩‍🎓",
        unicodedata.normalize("NFD", "Zoë 👩‍🎓"),
        "x" * 240,
    ),
    Case(right, NOTHING),
)

NOT_FOR_NBGRADER = ("a*", "[group 1]", "two\nlines")

ELSEWHERE = {
    "Bea Müller": Case(right, NOTHING, name="mine.IPYNB", folder="Bea Müller_12345_assignsubmission_file_"),
    **dict.fromkeys(NOT_FOR_NBGRADER, Case(right, NOTHING)),
    "browser": Case(right, NOTHING, name="autoencoders.ipynb.json", folder="browser"),
    "unzipped-twice": Case(right, NOTHING, folder="unzipped-twice/autoencoders/autoencoders"),
    "zip": Case(lambda: None, NOTHING, folder="zip", files={"hw.zip": zipped(**{f"hw/{NAME}": right()})}),
}
