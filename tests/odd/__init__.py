"""A class in which nearly everybody has handed in something odd: one list, which both ways of grading are held against.

Each theme is a module. `CLASS` has every case that nbgrader's tree can hold, by student; `ELSEWHERE` those that lie
where nbgrader does not look, as platforms and archivers leave them. `BOTH_WAYS` are some of the class, of every theme,
since nbgrader takes a second for each; ``AUTOGRADER_TEST_CLASS=whole`` has all of it graded by both.
"""

import os
from collections.abc import Mapping

from odd.case import Case
from odd.cells import COPIES
from odd.editors import EDITORS
from odd.files import FILES, SEVERAL
from odd.helpers import BESIDE
from odd.metadata import METADATA
from odd.students import ELSEWHERE, NAMES
from odd.surroundings import LIMITS, SURROUNDINGS
from odd.tricks import TRICKS

THEMES: Mapping[str, Mapping[str, Case]] = {
    "names": NAMES,
    "files": FILES,
    "several notebooks": SEVERAL,
    "files beside it": BESIDE,
    "cells of one name": COPIES,
    "metadata": METADATA,
    "editors": EDITORS,
    "surroundings": SURROUNDINGS,
    "limits": LIMITS,
    "tricks": TRICKS,
}
CLASS: Mapping[str, Case] = {student: case for theme in THEMES.values() for student, case in theme.items()}

# One of a kind each, as far as nbgrader is concerned: what it reads, copies, rebuilds and writes down.
_TELLING = (
    "Smith, J.", "a:b", "=SUM(A1)", "<img src=x>", "utf-16", "format-3", "30-mb-of-pictures", "cut-off", "conflict",
    "empty-file", "another-notebook", "link", "folder", "only-python", "only-what-nbgrader-adds", "nothing", "zipped",
    "renamed", "saved-by-a-browser", "stub-and-copy", "two-untitled", "with-another-assignments",
    "paired-by-jupytext", "with-a-link", "with-a-link-to-nowhere", "with-a-pipe", "with-a-folder-called-notebook",
    "hostile-module", "copy-renamed", "split-in-a-method", "cell-as-markdown", "helper-in-a-test",
    "wrong-above-and-below", "upside-down", "test-deleted", "solution-deleted", "stub-copied", "more-points",
    "no-metadata", "schema-of-the-future", "own-names", "format-4.5-without-ids", "broken-cells", "colab",
    "missing-file", "honest", "untouched", "killed", "killed-later", "checks-that-return-nan", "nan",
    "too-many-cells",
)  # fmt: skip
BOTH_WAYS: Mapping[str, Case] = (
    CLASS if os.environ.get("AUTOGRADER_TEST_CLASS") == "whole" else {name: CLASS[name] for name in _TELLING}
)
assert len(CLASS) == sum(map(len, THEMES.values())), "two students of one name"

__all__ = ["BOTH_WAYS", "CLASS", "ELSEWHERE", "THEMES"]
