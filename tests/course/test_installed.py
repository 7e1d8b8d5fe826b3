"""Courses are found by entry point; one that cannot be loaded is named, and is nobody else's trouble."""

import pickle
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from autograder.course import installed
from autograder.course.course import UnknownExercise
from autograder.course.installed import UnknownCourse, course_with, find_course, own_course
from autograder.notebook import check

ODD = (
    EntryPoint("broken", "no_such_package.course:COURSE", installed.GROUP),
    EntryPoint("text", "string:digits", installed.GROUP),
)


@pytest.fixture
def _odd_courses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Courses of others that cannot be loaded stand before those that can."""
    usual = installed._entries()
    monkeypatch.setattr(installed, "_entries", lambda: (*ODD, *usual))
    _forget()
    yield
    _forget()


def _forget() -> None:
    for kept in (find_course, own_course, course_with):
        kept.cache_clear()


def test_unknown_course_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownCourse, match=r"no course 'absent' is installed; there is autoencoders, toy"):
        find_course("absent")


@pytest.mark.usefixtures("_odd_courses")
@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("broken", "course 'broken' cannot be loaded: ModuleNotFoundError: No module named 'no_such_package'"),
        ("text", "course 'text': string:digits is no Course"),
    ],
)
def test_course_that_cannot_be_loaded_says_why(key: str, message: str) -> None:
    with pytest.raises(UnknownCourse, match=message):
        find_course(key)


@pytest.mark.usefixtures("_odd_courses")
def test_courses_that_cannot_be_loaded_hinder_no_check() -> None:
    assert course_with("kl").key == "autoencoders"
    assert course_with("doubling").key == "toy"
    with pytest.raises(UnknownExercise, match="there is no exercise 'encodr'; the keys are encoder, "):
        check("encodr")


def test_course_travels_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(own_course())) is own_course()
