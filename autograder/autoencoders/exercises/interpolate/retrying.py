"""Trying a function again without the slip of Python that stopped it before anything was decoded.

The slip is paid for once, and what the function does otherwise is judged as it is without it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from autograder.autoencoders.rewriting.definitions import Place, Rewriting, rewritten
from autograder.autoencoders.rewriting.effort import Effort
from autograder.autoencoders.rewriting.guesses.of_lines import guesses
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace

Changes = tuple[tuple[Place, Rewriting], ...]
# Guessing ends after so many seconds.
_LONGEST = 4.0
# How many slips of one function are mended one after the other.
_MOST_SLIPS = 3


@dataclass(frozen=True)
class Stop:
    """How a try of the function ended.

    Attributes:
        decoded: how many latents were decoded.
        error: what stopped it, if something did.
        failure: the same as plain data.
        place: where, if that is in the student's text.
    """

    decoded: int
    error: BaseException | None = None
    failure: Failure | None = None
    place: Place | None = None


Try = Callable[[], Stop]


def stop_of(workspace: Workspace, error: BaseException, decoded: int) -> Stop:
    """How a try ended that raised."""
    failure, frames = workspace.failure(error), workspace.frames(error)
    place = Place.in_frames(frames, failure.line_number) if frames else None
    return Stop(decoded, error, failure, place)


def without_slips(workspace: Workspace, attempt: Try, changes: Changes = (), effort: Effort | None = None) -> Changes:
    """What has to be mended for the function to decode; nothing where no guess, or no need, is seen.

    Args:
        workspace: the student's names.
        attempt: tries the function that has the name by then.
        changes: what is mended already.
        effort: what may still be spent on it.
    """
    effort = effort or Effort(_LONGEST)
    with rewritten(changes, workspace.names):
        stopped = attempt()
    if stopped.decoded or stopped.error is None or stopped.place is None or stopped.failure is None:
        return changes if stopped.decoded > 1 else ()
    if stopped.failure.kind != "raised" or len(changes) == _MOST_SLIPS:
        return ()
    further = None
    for meant in guesses(stopped.error, stopped.place):
        tried = (*changes, (stopped.place, meant))
        if meant.is_bold or effort.is_over:
            continue
        with rewritten(tried, workspace.names) as is_there:
            if not is_there:
                continue
            again = attempt()
        if again.decoded > 1:
            return tried
        if further is None and again.failure is not None and again.failure.message != stopped.failure.message:
            further = tried
    return () if further is None else without_slips(workspace, attempt, further, effort)
