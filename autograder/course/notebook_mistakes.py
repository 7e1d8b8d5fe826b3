"""Mistakes with a notebook's cells and names, and what the grader's surroundings lack: no fault of the code itself."""

from autograder.course.exercise import EVERY_CHECK, Kind, Misconception


def notebook_mistakes(check: str) -> tuple[Misconception, ...]:
    """The misconceptions about unfinished, renamed, split and stopped cells, which every exercise shares.

    Args:
        check: key of the check that carries them, the exercise's first.
    """
    return (
        Misconception("raise-left-in", check, (
            "There is code of yours here, but `raise NotImplementedError()` still stands below it and stops the cell "
            "there. Delete that line."
        ), (
            "The answer is written, but the stub's `raise NotImplementedError()` still stands below it, so Python "
            "stops there. It is easily overlooked, since the error names the stub's line and not the student's."
        ), hides=EVERY_CHECK, title="`raise NotImplementedError()` left in place"),
        Misconception("unfinished", check, (
            "Some parts are written, but one is still to do.{still} {line}"
        ), (
            "A line of the stub that is still `...` was reached after other lines had been filled in. It counts as "
            "begun, not as \"not attempted\"."
        ), hides=EVERY_CHECK, title="Begun and not finished"),
        Misconception("name-replaced", check, (
            "`{name}` stands for something else by now, of type {now}: a later line has taken the name. Give that "
            "thing another name, then run this exercise's cell again."
        ), (
            "The exercise's name was given to something else after it was defined, as in `train = train(autoencoder, "
            "data)`. What was written can no longer be reached under the name that everything else uses. (After "
            "`Encoder = Encoder(2)` the class can still be found through the network, and is judged.)"
        ), hides=EVERY_CHECK, title="Name given to something else later"),
        Misconception("renamed", check, (
            "No `{name}` is defined in its cell; there is `{now}`. The cells below, and this check, ask for `{name}`."
        ), (
            "The class or function has another name than the notebook asks for. In a notebook an older version may "
            "still be there under the right name, so that everything seems to work until the kernel is restarted."
        ), hides=EVERY_CHECK, title="Defined under another name"),
        Misconception("grader-lacks", check, (
            "{culprit} stopped, so a name is missing: {lacking} ({why}). It may work at yours: then leave it, your "
            "teacher looks. {line}"
        ), (
            "A cell stopped for something that the grader has not: a module, a file, the network, a GPU, more time, a "
            "newer Python. The answer needs a name that the cell would have given. That says nothing about the answer, "
            "so a person has to look."
        ), kind=Kind.REVIEW, hides=EVERY_CHECK, title="Something that the grader lacks"),
        Misconception("missing-file", check, (
            "A file is not there where it is graded ({why}). If it runs for you, leave it: your teacher sees it. "
            "{line}"
        ), (
            "The answer reads a file when it is called, such as saved weights, which was not handed in beside the "
            "notebook, or is too large to be taken along. A person has to look."
        ), kind=Kind.REVIEW, hides=EVERY_CHECK, raised=(("FileNotFoundError", r""),), title="File that is not there"),
        Misconception("cell-is-text", check, (
            "The cell of this exercise is a {now} cell, which is shown and not run. Choose \"Code\" in the toolbar's "
            "list of cell types, then run it."
        ), (
            "The answer's cell was turned into text, by a slip (the keys M and R do that in Jupyter) or to put an "
            "attempt aside, and no other cell has the exercise's name. Text is not run, in the notebook as in grading, "
            "so nothing is known about the answer: a person has to look."
        ), kind=Kind.REVIEW, hides=EVERY_CHECK, title="Cell turned into text"),
        Misconception("cell-split", check, (
            "This cell was split in the middle of a class or function, and Python reads each cell by itself. Select "
            "the pieces and merge them (Shift+M), then run the cell again."
        ), (
            "Split Cell (Ctrl+Shift+Minus in Jupyter) cut the answer in two, so that methods stand outside of their "
            "class or a function ends too soon. What the pieces hold may be right."
        ), hides=EVERY_CHECK, title="Cell split in the middle"),
    )  # fmt: skip
