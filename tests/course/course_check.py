"""What a course must have, exercise by exercise: each missing part is one line that says what to do."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.course.drills import drills_of
from autograder.course.exercise import Exercise
from autograder.course.python_mistakes import python_mistakes

LONGEST_HEAD = 6
LONGEST_MESSAGE = 300
_READ = {"name", "source", "expect", "points", "only_on", "seeds"}
_GAP = re.compile(r"<<(\w+)>>")
_GENERAL = frozenset(one.key for one in python_mistakes("", "Linear"))


@dataclass(frozen=True)
class Checkout:
    """A course and the folder with its answers, one TOML file an exercise."""

    course: Course
    answers: Path


def problems(checkout: Checkout) -> list[str]:
    """Everything that is missing or does not fit; nothing where the course is complete."""
    heads = [exercise.short for exercise in checkout.course.exercises]
    twice = sorted({head for head in heads if heads.count(head) > 1})
    found = [f"heading {head!r} is used twice; give one exercise another `short`" for head in twice]
    folders = {path.parent.name for path in (checkout.course.folder / "exercises").glob("*/*.py")}
    for key in sorted(folders - set(checkout.course.keys)):
        found.append(f"exercises/{key} is no exercise of the course; add it to `exercises` in course.py")
    for exercise in checkout.course.exercises:
        found += [f"{exercise.key}: {line}" for line in _of_exercise(checkout, exercise)]
    return found


def _of_exercise(checkout: Checkout, exercise: Exercise) -> Iterator[str]:
    yield from _code(checkout.course, exercise)
    yield from _texts(exercise)
    yield from _cells(checkout.course, exercise)
    yield from _answers(checkout, exercise)


def _code(course: Course, exercise: Exercise) -> Iterator[str]:
    folder = f"{course.package}.exercises.{exercise.key}"
    for module, needs in (("observe", ("observe",)), ("judge", ("judge", "Observation"))):
        if find_spec(folder) is None or find_spec(f"{folder}.{module}") is None:
            yield f"no {module}.py in exercises/{exercise.key}"
            continue
        try:
            loaded: Any = course.module(f"exercises.{exercise.key}.{module}")
        except Exception as error:
            yield f"{module}.py cannot be imported: {type(error).__name__}: {error}"
            continue
        yield from (f"{module}.py defines no `{name}`" for name in needs if not hasattr(loaded, name))
        if module == "judge" and not hasattr(getattr(loaded, "Observation", None), "check_complete"):
            yield "its `Observation` has no `check_complete`, which demands every run and call of the probe"


def _texts(exercise: Exercise) -> Iterator[str]:
    if not 0 < len(exercise.short) <= LONGEST_HEAD:
        yield f"`short` is {exercise.short!r}; a table's heading has 1 to {LONGEST_HEAD} characters"
    if not all(hint.strip() for hint in exercise.hints):
        yield "a hint is empty"
    if missing := sorted(_GENERAL - {one.key for one in exercise.misconceptions}):
        yield f"lacks {missing[0]!r} and other mistakes of Python; add `*python_mistakes(…)` to its misconceptions"
    for one in exercise.misconceptions:
        if not 0 < len(one.message) <= LONGEST_MESSAGE:
            yield f"the message of {one.key!r} has {len(one.message)} characters; at most {LONGEST_MESSAGE}"
        if not one.explanation:
            yield f"{one.key!r} has no explanation for instructors"


def _cells(course: Course, exercise: Exercise) -> Iterator[str]:
    release = course.release
    by_name = {cell.grade_id: cell for cell in release.cells}
    solution, test = by_name.get(exercise.cell), by_name.get(exercise.test_cell)
    if solution is None or not solution.solution:
        yield f"{release.name} has no solution cell {exercise.cell!r}"
    elif exercise.name not in release.definitions():
        yield f"the solution cell {exercise.cell!r} does not define {exercise.name!r}"
    if test is None or not test.graded or not test.locked:
        yield f"{release.name} has no locked test cell {exercise.test_cell!r}"
        return
    if not test.source.rstrip().endswith(f'check("{exercise.key}")'):
        yield f'the test cell {exercise.test_cell!r} does not end in check("{exercise.key}")'
    if (points := release.points[exercise.test_cell]) != exercise.max_points:
        yield f"the test cell {exercise.test_cell!r} is worth {points:g} points, the checks {exercise.max_points:g}"


def _answers(checkout: Checkout, exercise: Exercise) -> Iterator[str]:
    path = checkout.answers / f"{exercise.key}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        yield f"no answers; write {path.name} with at least one [[right]] and one [[wrong]]"
        return
    except tomllib.TOMLDecodeError as error:
        yield f"{path.name} is no TOML: {error}"
        return
    if data.get("exercise") != exercise.key:
        yield f"{path.name} says `exercise = {data.get('exercise')!r}`"
    yield from (f"{path.name} has no [[{kind}]] answer" for kind in ("right", "wrong") if not data.get(kind))
    yield from (f"{path.name}: {line}" for line in _odd_keys(data))
    named = {key for answer in data.get("wrong", ()) for key in answer.get("expect", ())}
    known = {one.key for one in exercise.misconceptions}
    yield from (f"{path.name} expects {key!r}, which is no misconception of it" for key in sorted(named - known))
    for drill in drills_of(checkout.course, exercise):
        names = {answer["name"] for answer in data.get("wrong", ())}
        if drill.misconception not in known or drill.answer not in names:
            yield f"drill.toml names {drill.misconception!r} and {drill.answer!r}; one of the two does not exist"
    source = _sources(checkout.course)
    named_by_exception = {one.key for one in exercise.misconceptions if one.raised}
    for key in sorted(known - _GENERAL - named - named_by_exception):
        if not re.search(rf'"{re.escape(key)}"', source):
            yield f"nothing finds {key!r}: no hypothesis and no answer names it"


def _odd_keys(data: dict[str, Any]) -> Iterator[str]:
    """Answers with a key that nothing reads, and wrong ones that expect nothing."""
    answers = [answer for kind in ("right", "wrong") for answer in data.get(kind, ())]
    texts = [data.get("template", ""), *data.get("gaps", {}).values(), *(str(v) for a in answers for v in a.values())]
    gaps = {name for text in texts for name in _GAP.findall(str(text))}
    for answer in answers:
        yield from (f"{answer.get('name')!r} has an unknown {key!r}" for key in sorted(answer.keys() - _READ - gaps))
    for answer in data.get("wrong", ()):
        if not answer.get("expect"):
            yield f"the wrong answer {answer.get('name')!r} names no misconception in `expect`"


def _sources(course: Course) -> str:
    """The course's code without the misconceptions themselves."""
    paths = (path for path in course.folder.rglob("*.py") if path.stem not in ("misconceptions", "common_mistakes"))
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))
