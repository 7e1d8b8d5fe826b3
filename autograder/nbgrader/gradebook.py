"""What the grader writes into nbgrader's gradebook beside the points."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook


def ask_for_a_look(resources: Mapping[str, Any], names: Collection[str]) -> None:
    """Mark test cells as waiting for a person; their points stand until then."""
    with _submitted(resources) as notebook:
        for grade in notebook.grades:
            if grade.name in names:
                grade.needs_manual_grade = True


def language_of_source(resources: Mapping[str, Any]) -> str:
    """The language of the instructor's own notebook, in small letters; Python where it says none.

    What a student's file says of itself must not decide where it is run.
    """
    names = resources["nbgrader"]
    with Gradebook(names["db_url"]) as gradebook:
        noted = gradebook.find_notebook(names["notebook"], names["assignment"]).kernelspec
    kernelspec = json.loads(noted) if noted else None
    known = kernelspec.get("language") if isinstance(kernelspec, dict) else None
    return str(known or "python").lower()


def flag(resources: Mapping[str, Any]) -> None:
    """Flag the whole notebook, as an instructor does in formgrader; students do not see that."""
    with _submitted(resources) as notebook:
        notebook.flagged = True


def withdraw_zeros(resources: Mapping[str, Any]) -> None:
    """Take back the zeros that nbgrader gives, before anything is graded, for a notebook under another name."""
    with _submitted(resources) as notebook:
        for grade in notebook.grades:
            grade.auto_score = None


@contextmanager
def _submitted(resources: Mapping[str, Any]) -> Iterator[Any]:
    about = resources["nbgrader"]
    with Gradebook(about["db_url"]) as gradebook:
        yield gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
        gradebook.db.commit()
