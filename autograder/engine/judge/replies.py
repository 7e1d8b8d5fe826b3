"""What a worker's frame says, once it is known to be the reply to what was asked."""

import re
from dataclasses import replace
from typing import Any, TypeVar

from autograder.course.observation import Failure
from autograder.engine import wire
from autograder.engine.channel import BadReply
from autograder.engine.messages import LONGEST_SHOWN, MOST_PICTURES, CellRun, CellShown, Observed, Reply
from autograder.engine.wire import Frame
from autograder.judging.failures import printable

T = TypeVar("T")

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


def observation_in(frame: Frame, request: str, kind: type[Any], seconds: float) -> Any:
    """The observation in a reply, or the ``Failure`` that came in its place.

    Args:
        frame: what the worker has sent.
        request: the ``id`` of the request.
        kind: the observation's type.
        seconds: that the worker had.

    Raises:
        BadReply: there is none.
    """
    seen: Observed[Any] = _answer(frame, request, Observed[kind])  # type: ignore[valid-type]
    if seen.timed_out:
        return Failure("timeout", "TimeoutError", f"{seconds:.0f} seconds")
    if seen.failed:
        error, _, message = seen.failed.partition(": ")
        return Failure("raised", error[:80], message[:300])
    if seen.observation is None:
        raise BadReply("the reply holds no observation")
    return seen.observation


def cell_failure_in(frame: Frame, request: str) -> Failure | None:
    """What stopped a cell, as it is sent to the next worker and said to people.

    Raises:
        BadReply: the frame does not say.
    """
    failure = _answer(frame, request, CellRun).failure
    return None if failure is None else _clean(failure)


def shown_in(frame: Frame, request: str) -> CellShown:
    """What a cell has shown, cut to what is kept of it.

    Raises:
        BadReply: the frame does not say.
    """
    shown = _answer(frame, request, CellShown)
    return CellShown(
        None if shown.failure is None else _clean(shown.failure),
        None if shown.value is None else shown.value[:LONGEST_SHOWN],
        shown.printed[:LONGEST_SHOWN],
        shown.complained[:LONGEST_SHOWN],
        tuple(one for one in shown.pictures[:MOST_PICTURES] if _BASE64.fullmatch(one)),
    )


def _clean(failure: Failure) -> Failure:
    return replace(
        failure,
        name=printable(failure.name, 80),
        error=printable(failure.error, 80),
        message=printable(failure.message, 300),
        line=printable(failure.line, 300),
        line_number=max(0, min(failure.line_number, 1_000_000)),
    )


def _answer(frame: Frame, request: str, kind: type[T]) -> T:
    try:
        reply = wire.decode(frame, Reply[kind])  # type: ignore[valid-type]
    except wire.WireError as error:
        raise BadReply(str(error)) from None
    if reply.id != request:
        raise BadReply("the answer does not belong to the question")
    return reply.answer
