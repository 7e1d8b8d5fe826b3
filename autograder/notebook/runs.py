"""Which run of a cell made what is checked, and whether the cell has moved on since."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Any

from autograder.course.exercise import Exercise
from autograder.course.release import defined_in
from autograder.errors import CellStopped
from autograder.notebook.saved_notebook import SavedNotebook


@dataclass(frozen=True)
class Run:
    """One run of a cell.

    Attributes:
        number: what stands in brackets beside the cell.
        source: the text that was run.
        cell: the cell's id; empty where the front end does not pass it on.
        ended: seconds since the epoch.
    """

    number: int
    source: str
    cell: str
    ended: float


@dataclass(frozen=True)
class Checked:
    """What a card says about the run that it judged.

    Attributes:
        number: the run's number; ``None`` where it is not known.
        name: what the run defined.
        warning: why that may not be what the student has in mind; empty if there is no reason to think so.
    """

    number: int | None
    name: str
    warning: str = ""


@dataclass
class Runs:
    """The runs that defined the exercises' names last, and those that meant to.

    Args:
        wanted: the names that exercises ask for.
        values: what they stood for before the first run.

    Attributes:
        renamed: for a wanted name what its cell defines in its place by now.
        failed: for a wanted name the type of the error that stopped the latest run that meant to define it.
        stopped: for a cell, or its text where it has no id, which run of it stopped and why; until one does not.
    """

    wanted: Collection[str]
    values: InitVar[Mapping[str, object]]
    _values: dict[str, object] = field(init=False)
    _made: dict[str, Run] = field(default_factory=dict)
    _tried: dict[str, Run] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict, init=False)
    failed: dict[str, str] = field(default_factory=dict, init=False)
    stopped: dict[str, str] = field(default_factory=dict, init=False)

    def __post_init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def note(self, run: Run, names: Mapping[str, Any]) -> None:
        """Take note of a run that has ended.

        Args:
            run: the run.
            names: the notebook's names after it.
        """
        earlier = dict(self._made)
        for name in self.wanted:
            value = names.get(name)
            if value is not self._values.get(name):
                self._values[name] = value
                self._made[name] = run
        defined = defined_in(run.source)
        self._tried.update(dict.fromkeys(defined, run))
        self._note_renamed(run, defined, names)
        self._note_copied(run, defined, names, earlier)

    def note_end(self, run: Run, error: BaseException | None) -> None:
        """Take note of how a run ended."""
        cell = run.cell or run.source
        self.stopped.pop(cell, None)
        for name in self.meant(run):
            self.failed.pop(name, None)
        if error is not None:
            self._tried.update(dict.fromkeys(self.meant(run), run))
            if isinstance(error, Exception) and not isinstance(error, CellStopped):
                self.failed.update(dict.fromkeys(self.meant(run), type(error).__name__))
            said = str(error) if isinstance(error, CellStopped) else f"{type(error).__name__}: {error}"
            self.stopped[cell] = f"Cell [{run.number}] stopped: {said.splitlines()[0] if said else 'without a word'}"

    def meant(self, run: Run) -> list[str]:
        """The wanted names that a run's text defines, or that the same cell has defined before."""
        defined = defined_in(run.source)
        return [name for name in self.wanted if name in defined or self._is_of_cell(name, run.cell)]

    def _is_of_cell(self, name: str, cell: str) -> bool:
        made = self._made.get(name)
        return made is not None and bool(cell) and made.cell == cell

    def _note_renamed(self, run: Run, defined: Sequence[str], names: Mapping[str, Any]) -> None:
        """Note what a cell defines in place of a wanted name that it defined before, or that none has defined yet."""
        others = [name for name in defined if name not in self.wanted and name in names]
        for name in self.wanted:
            made = self._made.get(name)
            alike = [other for other in others if _are_alike(name, other)]
            if name not in names:
                alike = [
                    other for other in alike if name.lower() in other.lower() and not self._fits_better(other, name)
                ]
            elif made is None or not run.cell or made.cell != run.cell:
                alike = []
            if name in defined:
                self.renamed.pop(name, None)
            elif alike:
                self.renamed[name] = alike[-1]

    def _note_copied(
        self, run: Run, defined: Sequence[str], names: Mapping[str, Any], earlier: Mapping[str, Run]
    ) -> None:
        """Note a wanted name that is not there because its cell holds a copy of another, under the other's name."""
        for copied in defined:
            made = earlier.get(copied)
            if made is None or not made.cell or not run.cell or made.cell == run.cell:
                continue
            longer = [name for name in self.wanted if copied != name and copied.lower() in name.lower()]
            self.renamed.update({name: copied for name in longer if name not in names and _are_alike(name, copied)})

    def _fits_better(self, other: str, name: str) -> bool:
        """Whether a name is likelier to stand for a longer one of those that are wanted: ``MyVariationalEncoder``."""
        return any(len(longer) > len(name) and longer.lower() in other.lower() for longer in self.wanted)

    def checked(
        self, known: Exercise, names: Mapping[str, Any], now: int, saved: SavedNotebook | None
    ) -> Checked | None:
        """What to say about the run that made what an exercise is checked on; ``None`` where nothing is known.

        Args:
            known: the exercise.
            names: the notebook's names.
            now: number of the run that is going on.
            saved: the notebook's file, if it is known.
        """
        name = known.name
        made, tried = self._made.get(name), self._tried.get(name)
        if name not in names:
            in_text = "" if saved is None else saved.answer_in_text(known)
            if tried is None or in_text:
                return Checked(None, name, in_text) if in_text else None
            return Checked(None, name, (
                f"Run [{tried.number}] stopped before `{name}` was defined. Mend the error below that "
                "cell, then run it again."
            ))  # fmt: skip
        if names[name] is not self._values.get(name):  # the cell that is running has defined it itself
            return Checked(now, name)
        if made is None:
            return None
        if tried is not None and tried.number > made.number:
            return Checked(made.number, name, (
                f"A later run, [{tried.number}], stopped before `{name}` was defined anew, so this is still the one "
                f"of run [{made.number}]."
            ))  # fmt: skip
        differs = "" if saved is None else saved.differs(known, made.source, made.cell, made.ended)
        return Checked(made.number, name, differs)


def _are_alike(name: str, other: str) -> bool:
    """Whether both are names of classes, or both of functions."""
    return name[:1].isupper() is other[:1].isupper()


def run_of(result: Any) -> Run | None:
    """The run that IPython says has ended; ``None`` where it has no number, as silent ones."""
    if result.execution_count is None:
        return None
    cell = getattr(result.info, "cell_id", None) or ""
    return Run(result.execution_count, result.info.raw_cell or "", cell, time.time())


def error_of(result: Any) -> BaseException | None:
    """What has stopped a run."""
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error


def watch(shell: Any, wanted: Collection[str]) -> Runs:
    """Take note of every run of a kernel from now on.

    Args:
        shell: IPython's shell.
        wanted: the names that exercises ask for.
    """
    runs = Runs(tuple(wanted), {name: shell.user_ns.get(name) for name in wanted})

    def note(result: Any) -> None:
        if (run := run_of(result)) is not None:
            runs.note(run, shell.user_ns)
            runs.note_end(run, error_of(result))

    shell.events.register("post_run_cell", note)
    return runs
