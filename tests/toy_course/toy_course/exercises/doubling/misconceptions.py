"""Points, hints and misconceptions of the exercise."""

from autograder.course.exercise import Check, Exercise, Kind, Misconception
from autograder.course.python_mistakes import python_mistakes

DOUBLING = Exercise(
    key="doubling",
    title="Doubling",
    short="Doub",
    number=1,
    cell="doubling",
    name="double",
    section="Exercise 1: Doubling",
    checks=(
        Check("values", "Each number is doubled", 1.5),
        Check("shape", "There are as many numbers as before", 0.5),
    ),
    hints=(
        "One number at a time: what is twice 3?",
        "Tensors are multiplied by a number as a whole.",
        "The function returns a product of its argument.",
    ),
    misconceptions=(
        Misconception("squared", "values", (
            "Each number is multiplied with itself. Twice a number is the number plus itself."
        ), (
            "x² in place of 2x; the two agree at 0 and 2, so a single example can hide it."
        ), cost=1.0, hint=1),
        Misconception("unchanged", "values", (
            "The numbers come back as they went in."
        ), (
            "The function returns its argument."
        ), hint=2),
        Misconception("summed", "shape", (
            "One number comes back where one for each is expected."
        ), (
            "The doubled numbers are added up."
        ), hint=2),
        Misconception("unknown", "values", (
            "The numbers that come back are not twice yours, nor anything known here. A person will look at this."
        ), (
            "No hypothesis gives what was seen."
        ), kind=Kind.REVIEW),
        *python_mistakes("values", "Linear"),
    ),
)  # fmt: skip
