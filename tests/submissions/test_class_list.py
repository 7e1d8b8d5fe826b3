"""The list of a class, as instructors and platforms have it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import UsageError
from autograder.submissions.class_list import Listed, match, read_class_list
from autograder.submissions.finding.find import Found

ADA = Listed("Ada Lovelace", ("12",), "ada@x.de", "A")


def read(tmp_path: Path, content: str | bytes) -> tuple[Listed, ...]:
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_class_list(path)


@pytest.mark.parametrize(
    "content",
    [
        "name,id,email,section\nAda Lovelace,12,ada@x.de,A\n",
        "Name;ID;E-Mail;Section\r\nAda Lovelace;12;ada@x.de;A\r\n",
        "NAME\tId\temail address\tGroup\nAda Lovelace\t12\tada@x.de\tA",
        "\ufeffname,id,email,section\nAda Lovelace,12,ada@x.de,A\n",
        "id,first_name,last_name,email,lms_user_id,section\n12,Ada,Lovelace,ada@x.de,,A\n",
        'Identifier,"Full name","Email address",Status,Group\n12,"Ada  Lovelace",ada@x.de,"Submitted, late",A\n\n',
        "name,id,email,section\nAda Lovelace,12,ada@x.de,A\n".encode("utf-16"),
    ],
)
def test_a_list_is_read_whatever_wrote_it(tmp_path: Path, content: str | bytes) -> None:
    assert read(tmp_path, content) == (ADA,)


def test_a_list_in_western_europes_alphabet_keeps_its_names(tmp_path: Path) -> None:
    assert read(tmp_path, "name;id\nZoë Müller;1\n".encode("cp1252"))[0].name == "Zoë Müller"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "list.csv is empty"),
        ("name,id\n", "names no student"),
        ("colour,size\nred,2\n", "line 1: no column is called name, id or email, but colour, size"),
        ("name,id\nAda,1\nBob,2,3\n", "line 3: 3 columns, but the first line names 2"),
        ("name,id,section\nAda,1,A\n,,B\n", "line 3: neither a name nor an id nor an e-mail address"),
        ("name,id\nAda,1\nBob,1\n", "line 3: 1 is in line 2 already"),
        (b"PK\x03\x04\0\0", "is no text"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_with_its_line(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(UsageError, match=r"list\.csv") as caught:
        read(tmp_path, content)
    assert said in str(caught.value)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(UsageError, match=f"{path.name} cannot be read"):
            read_class_list(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_clear_line(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        read(folder, data)
    except UsageError as error:
        assert "list.csv" in str(error)  # noqa: PT017


def found(student: str, number: str = "") -> Found:
    return Found(Path("a.ipynb"), student, "a.ipynb", number=number)


@pytest.mark.parametrize(
    "submission",
    [
        found("12"), found("Ada Lovelace"), found("ada lovelace"), found("Lovelace, Ada"), found("ADA"),
        found("ada@x.de"), found("lovelaceada_99", "99"), found("someone_12", "12"), found("lovelace_ada_ada_55"),
        found("Ada Lovelace (77)", "77"),
    ],
)  # fmt: skip
def test_a_student_is_found_by_number_login_address_or_name(submission: Found) -> None:
    bob = Listed("Bob Byron", ("13",))
    matched = match([ADA, bob], [submission])
    assert matched.listed == {submission.student: ADA}
    assert (matched.absent, matched.strangers) == ((bob,), ())


def test_of_two_people_with_one_name_nobody_is_guessed() -> None:
    twins = [Listed("Ada Lovelace", ("1",)), Listed("Ada Lovelace", ("2",))]
    matched = match(twins, [found("Ada Lovelace"), found("2")])
    assert matched.listed == {"2": twins[1]}
    assert (matched.absent, matched.strangers) == ((twins[0],), ("Ada Lovelace",))
