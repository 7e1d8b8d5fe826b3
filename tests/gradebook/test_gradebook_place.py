"""Which gradebook is meant, and what is said where it cannot be used; nothing is made by asking."""

from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.nbgrader.gradebook_place import gradebook_here

SERVER = "postgresql://teacher:very-secret@127.0.0.1:9/marks"


def config(folder: Path, url: str) -> None:
    text = f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\nc.CourseDirectory.course_id = 'ml'\n"
    (folder / "nbgrader_config.py").write_text(text)


def test_without_a_configuration_it_is_nbgraders_usual_file(tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").touch()
    assert gradebook_here(tmp_path).url == f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_a_server_is_named_without_its_password(tmp_path: Path) -> None:
    config(tmp_path, SERVER)
    place = gradebook_here(tmp_path)
    assert (place.url, place.course) == (SERVER, "ml")
    assert place.shown == "postgresql://teacher:***@127.0.0.1:9/marks"


def test_a_file_that_is_named_comes_before_the_configuration(tmp_path: Path) -> None:
    config(tmp_path, SERVER)
    (file := tmp_path / "mine.db").touch()
    assert gradebook_here(tmp_path, file).shown == str(file)


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    config(tmp_path, "no address")
    with pytest.raises(UsageError, match="db_url is no address"):
        gradebook_here(tmp_path)
