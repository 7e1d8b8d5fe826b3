"""``drill``: a mistake to find in somebody else's code, once one's own is right."""

from autograder.exercises.catalogue import exercise
from autograder.exercises.drills import drill_of
from autograder.exercises.judgement import Status
from autograder.notebook import card, kernel
from autograder.notebook.checking import current


def drill(key: str, choice: str | None = None) -> None:
    """Show code in which something is wrong, or say whether a choice names it. Optional, and worth no points.

    A drill opens when its exercise is all right.

    Args:
        key: the exercise, such as ``"encoder"``.
        choice: the letter of an option; ``None`` shows code and options.

    Raises:
        UnknownExercise: there is no exercise of that key.
    """
    known = exercise(key)
    if current(known).status is not Status.PASSED:
        kernel.show(card.closed_drill_html(known), card.closed_drill_text(known))
        return
    found = drill_of(known)
    letter = None if choice is None else str(choice).strip(" .()").lower()
    kernel.show(card.drill_html(known, found, letter), card.drill_text(known, found, letter))
