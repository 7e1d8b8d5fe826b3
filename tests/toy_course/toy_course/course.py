"""The course as the grader finds it."""

from pathlib import Path

from autograder.course.course import Course
from toy_course.exercises.doubling.misconceptions import DOUBLING

_FOLDER = Path(__file__).parent

TOY = Course(
    key="toy",
    title="A toy course",
    package="toy_course",
    exercises=(DOUBLING,),
    files={"notebook": lambda: _FOLDER / "toy.ipynb"},
)
