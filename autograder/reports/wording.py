"""How points, statuses and messages are put into words, wherever they are shown."""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.engine.identity import PUBLIC_SALT
from autograder.exercises.judgement import Status
from autograder.reading.evidence import FOR_REVIEW
from autograder.results import Result

STATUS_WORDS = {
    Status.NOT_ATTEMPTED: "not attempted yet",
    Status.PASSED: "all right",
    Status.REVIEW: "a person will look at this",
    Status.PARTIAL: "partly right",
    Status.TIMEOUT: "took too long",
    Status.ERROR: "stopped with an error",
    Status.FAILED: "not right yet",
}


def points(value: float) -> str:
    """Points as short as they go: ``2``, ``1.5``, ``0.25``."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def review_warnings(result: Result) -> tuple[str, ...]:
    """The warnings that ask a person to look at the notebook's text."""
    return tuple(warning for warning in result.warnings if warning.startswith(FOR_REVIEW))


def for_students(result: Result) -> tuple[str, ...]:
    """The warnings that concern the student too: not how the course is set up, nor what a person should look at."""
    own = review_warnings(result)
    return tuple(warning for warning in result.warnings if warning not in own and warning != PUBLIC_SALT)


def marked(text: str) -> Markup:
    """Plain text as HTML, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


@cache
def templates(package: str) -> Environment:
    """The Jinja2 environment for a package's ``templates`` folder; everything is escaped."""
    environment = Environment(loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined)
    environment.filters.update(points=points, marked=marked)
    return environment
