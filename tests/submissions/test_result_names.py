"""The names of results' files."""

import os
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submissions.finding.result_names import result_names, safe_name


@pytest.mark.parametrize("name", ["ada", "Smith, J.", "Müller, Jörg", "学生", "x y", "a=b", "x@y.de", "a.b-c_d"])
def test_a_name_that_is_safe_stays_as_it_is(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("=SUM(A1)", "%3DSUM(A1)"), ("-x", "%2Dx"), (".hidden", "%2Ehidden"), ("+1", "%2B1"), ("@a", "%40a"),
        ("a:b", "a%3Ab"), ("a/b", "a%2Fb"), ("100%", "100%25"), ("a\nb", "a%0Ab"), ("con", "%63on"),
        ("NUL.txt", "%4EUL.txt"), ("", "%00"), ("..", "%2E."), ("a\u202eb", "a%E2%80%AEb"),
    ],
)  # fmt: skip
def test_what_no_file_should_be_called_is_written_in_percent(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_and_still_tells_two_students_apart() -> None:
    one, two = safe_name("ä" * 150 + "1"), safe_name("ä" * 150 + "2")
    assert one != two
    assert len(one.encode()) <= 200
    assert one.startswith("ä" * 90)


@pytest.mark.parametrize("pair", [("Ada", "ada"), ("Straße", "STRASSE"), ("é", unicodedata.normalize("NFD", "é"))])
def test_names_that_a_file_system_takes_for_the_same_both_get_a_mark(pair: tuple[str, str]) -> None:
    names = result_names([*pair, "bea"])
    assert names == result_names(["bea", *reversed(pair)])
    assert names["bea"] == "bea"
    assert all("~" in names[one] for one in pair)
    assert names[pair[0]].casefold() != names[pair[1]].casefold()


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=80), unique=True, max_size=5))
def test_every_name_gives_a_file_of_its_own(students: list[str]) -> None:
    names = result_names(students)
    with tempfile.TemporaryDirectory() as temporary:
        for student, name in names.items():
            path = Path(temporary, f"{name}.json")
            assert path.parent == Path(temporary)
            (path.parent / f".{path.name}.123456789012.part").touch()
            path.write_text(repr(student))
        assert len([one for one in os.listdir(temporary) if one.endswith(".json")]) == len(students)  # noqa: PTH208
