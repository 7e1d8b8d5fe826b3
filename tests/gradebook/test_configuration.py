"""One call in an instructor's ``nbgrader_config.py``."""

import subprocess
import sys

import pytest
from traitlets.config import Config

from autograder.course.installed import own_course
from autograder.errors import UsageError
from autograder.nbgrader import configure
from autograder.nbgrader.release_exporter import with_points

STEPS = {"GenerateAssignment", "Autograde", "GenerateFeedback"}


def test_nothing_but_what_opens_the_notebooks_of_three_steps_is_set() -> None:
    c = Config({"CourseDirectory": {"course_id": "physics"}, "Execute": {"timeout": 30}})
    configure(c)
    assert {step: set(c[step]) for step in STEPS} == {step: {"exporter_class"} for step in STEPS}
    assert set(c) == STEPS | {"CourseDirectory", "Execute"}
    assert (c.CourseDirectory, c.Execute) == ({"course_id": "physics"}, {"timeout": 30})


def test_it_may_be_called_twice() -> None:
    c = Config()
    configure(c)
    once = c.copy()
    configure(c)
    assert c == once


def test_an_exporter_of_the_instructors_own_is_not_lost_in_silence() -> None:
    c = Config({"Autograde": {"exporter_class": "mine.Exporter"}})
    with pytest.raises(UsageError, match=r"c\.Autograde\.exporter_class"):
        configure(c)
    assert not any("exporter_class" in c[step] for step in STEPS - {"Autograde"})


def test_reading_a_configuration_needs_no_nbgrader() -> None:
    """``autograder grade`` reads it at every start."""
    said = "import sys; from autograder.nbgrader import configure; print('nbgrader' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("points", "before", "after"),
    [
        (4.0, 'check("kl")', 'check("kl", points=4)'),
        (2.5, "check('kl')", 'check("kl", points=2.5)'),
        (2.0, 'check("kl", points=4)', 'check("kl")'),
        (0.0, 'check("kl")', 'check("kl", points=0)'),
        (4.0, 'check("kl", points=3)', 'check("kl", points=4)'),
        (4.0, 'check("encoder")', 'check("encoder")'),
    ],
)
def test_a_test_cell_says_its_points_where_they_are_not_the_courses(points: float, before: str, after: str) -> None:
    head = "from autograder import check\n\n"
    assert with_points(head + before, own_course().exercise("kl"), points) == head + after
