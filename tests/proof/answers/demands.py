"""What an answer of the catalogue is told has to be true: asked on one seed by pytest, on every seed by the proof."""

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.exercise import EVERY_CHECK
from autograder.judging.verdicts import ExerciseResult
from proof.answers.catalogue import Answer
from proof.answers.claims import refuted

_LONGEST = 300
_ROUNDING = 1e-9


def unmet(answer: Answer, result: ExerciseResult) -> list[str]:
    """What does not hold of what the answer earned and was told, a line each.

    Whether it is accepted, or caught and named, is asked elsewhere.
    """
    named = [check.misconception.partition("/")[2] for check in result.checks if check.misconception]
    lines = [f"told {key!r}, which the code itself refutes" for key in refuted(answer.source, named)]
    lost = [check for check in result.checks if not check.passed]
    lines += [f"a message of {len(one.message)} characters" for one in lost if not 0 < len(one.message) <= _LONGEST]
    if answer.points is not None and abs(result.points - answer.points) > _ROUNDING:
        lines.append(f"{result.points} points, not {answer.points}")
    if len(named) == 1 and _hides_checks(answer):
        cost = AUTOENCODERS.exercise(answer.exercise).cost(answer.expect[0])
        if result.max_points - result.points != cost:
            lines.append(f"costs {result.max_points - result.points}, not {cost}")
    return lines


def _hides_checks(answer: Answer) -> bool:
    """Whether the answer's one mistake keeps some other checks from being looked at."""
    known = {one.key: one.hides for one in AUTOENCODERS.exercise(answer.exercise).misconceptions}
    return len(answer.expect) == 1 and known.get(answer.expect[0], ()) not in ((), EVERY_CHECK)
