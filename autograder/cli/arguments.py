"""Arguments that several commands take, and what is said of wrong ones."""

from pathlib import Path

from autograder.errors import UsageError
from autograder.exercises.catalogue import UnknownExercise, exercise
from autograder.exercises.definition import Exercise


def exercise_named(key: str) -> Exercise:
    """The exercise of that key.

    Raises:
        UsageError: there is none; the message names those that there are.
    """
    try:
        return exercise(key)
    except UnknownExercise as error:
        raise UsageError(str(error)) from None


def notebook_at(path: Path) -> Path:
    """The path, if there is a notebook.

    Raises:
        UsageError: there is nothing, or something else.
    """
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    if path.is_dir() or path.suffix != ".ipynb":
        raise UsageError(f"{path} is not a notebook (*.ipynb)")
    return path
