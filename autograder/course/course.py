"""What a course is: exercises, the notebook that was handed out, and where their code lies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from autograder.course.chart import Chart
from autograder.course.exercise import Exercise
from autograder.course.picture import Picture
from autograder.course.release import Release, read_release
from autograder.errors import UsageError

RELEASE = "notebook"

# From a workspace and a seed to an observation, and from the seed and the observation to a judgement.
Observe = Callable[[Any, int], Any]
Judge = Callable[[int, Any], Any]


class UnknownExercise(UsageError):
    """The course has no exercise of that key."""

    def __init__(self, key: object, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no exercise {key!r}; the keys are {', '.join(known)}")


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course as its package describes it.

    Code is found by place: for each exercise the modules ``observe`` and ``judge`` in ``<package>.exercises.<key>``,
    and ``picture`` where it draws something; beside ``exercises`` a module ``stand_ins`` (see
    ``instruments.stand_ins``). ``observe`` and the stand-ins are imported where student code runs, the others never.

    Attributes:
        key: the course's name, which is its assignment's, too.
        title: what people call it.
        package: the Python package that holds it.
        exercises: in the notebook's order.
        files: where the files that it counts on lie, by what they are; ``notebook`` is the one handed out.
    """

    key: str
    title: str
    package: str
    exercises: tuple[Exercise, ...]
    files: Mapping[str, Callable[[], Path]]

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The exercises' keys, in order."""
        return tuple(exercise.key for exercise in self.exercises)

    def exercise(self, key: str) -> Exercise:
        """The exercise of that key.

        Raises:
            UnknownExercise: there is none.
        """
        for known in self.exercises:
            if known.key == key:
                return known
        raise UnknownExercise(key, self.keys)

    def asked_in(self, release: Release) -> tuple[str, ...]:
        """The keys of the exercises that an instructor's notebook has a test cell for, in the course's order."""
        tests = {cell.grade_id for cell in release.cells if cell.graded and not cell.solution}
        return tuple(exercise.key for exercise in self.exercises if exercise.test_cell in tests)

    def points_in(self, release: Release, key: str) -> float:
        """What an exercise is worth in an instructor's notebook; what the course says where that has no points."""
        exercise = self.exercise(key)
        return release.points.get(exercise.test_cell, exercise.max_points)

    def observe(self, key: str) -> Observe:
        """The exercise's ``observe``; imports torch."""
        return cast(Observe, self._of_exercise(key, "observe").observe)

    def judge(self, key: str) -> Judge:
        """The exercise's ``judge``, which sees complete observations only; imports NumPy, and no torch.

        What it gives raises ``Incomplete`` for an observation that lacks something (see ``course.complete``).
        """
        from autograder.course.complete import Incomplete  # brings NumPy, which a course's texts do without

        module = self._of_exercise(key, "judge")

        def judge_complete(seed: int, seen: Any) -> Any:
            if not isinstance(seen, module.Observation):
                raise Incomplete("without an observation of its own kind")
            seen.check_complete()
            return module.judge(seed, seen)

        return judge_complete

    def observation(self, key: str) -> type[Any]:
        """The type of what ``observe`` gives and ``judge`` takes."""
        return cast(type[Any], self._of_exercise(key, "judge").Observation)

    def picture(self, key: str, seed: int, seen: Any, mistakes: frozenset[str]) -> Picture | None:
        """What to draw of an observation with these mistakes; ``None`` where no picture says more than words.

        Raises:
            ArithmeticError, ValueError, IndexError, TypeError, KeyError: nothing can be drawn of its numbers.
        """
        module = self.pictures(key)
        return None if module is None else cast(Picture | None, module.picture(seed, seen, mistakes))

    def chart(self, key: str, picture: Picture) -> Chart | None:
        """How a picture is drawn; ``None`` where the exercise does not know it."""
        module = self.pictures(key)
        return None if module is None else cast(Chart | None, module.chart(picture))

    def pictures(self, key: str) -> Any:
        """The exercise's module ``picture``, which draws observations; ``None`` where it has none."""
        name = f"{self.package}.exercises.{self.exercise(key).key}.picture"
        return import_module(name) if _is_there(name) else None

    def module(self, name: str) -> Any:
        """A module of the course's package, such as ``stand_ins``; imports it."""
        return import_module(f"{self.package}.{name}")

    @property
    def folder(self) -> Path:
        """The folder of its package."""
        return Path(cast(str, import_module(self.package).__file__)).parent

    @property
    def release(self) -> Release:
        """The notebook that was handed out.

        Raises:
            FileNotFoundError: it is missing from the installation.
            ValueError: it is no notebook.
        """
        return _release(self.files[RELEASE]())

    def _of_exercise(self, key: str, name: str) -> Any:
        return self.module(f"exercises.{self.exercise(key).key}.{name}")


@cache
def _release(path: Path) -> Release:
    return read_release(path)


@cache
def _is_there(module: str) -> bool:
    return find_spec(module) is not None
