"""One process that runs attacks, one after the other, between honest neighbours on one zygote."""

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, chdir
from itertools import cycle
from pathlib import Path

from autograder.autoencoders.course import AUTOENCODERS
from autograder.engine.batch import grade_class
from autograder.engine.identity import Salt
from autograder.engine.job.keeping import no_earlier_result
from autograder.engine.job.run import Run
from autograder.engine.job.this_machine import ThisMachine
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.engine.sandbox import process
from autograder.errors import AutograderError, UsageError
from autograder.reports.result import Result
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import find_submissions
from proof.attacks import watch
from proof.attacks.canaries import Canaries
from proof.attacks.catalogue import Attack
from proof.attacks.course import ATTACKER, AttackedCourse, token
from proof.attacks.outcome import AttackOutcome, Sighting, difference, outcome_of

_HONEST_SECONDS = 120.0
_MEMORY_MIB = 1024


class Lane:
    """A course, its honest students' results where nobody disturbs them, and a zygote; to be closed after use."""

    def __init__(self, checkout: Path, folder: Path, level: Level) -> None:
        """Lay the course out and grade the honest students.

        Args:
            checkout: the course's checkout.
            folder: an empty folder for all that is written.
            level: the sandbox asked for.

        Raises:
            AutograderError: grading does not work here at all.
        """
        self._closing = ExitStack()
        self._level = level
        self._results, self._temporary = folder / "graded", folder / "t"
        course = folder / "course"
        for made in (self._results, self._temporary, course):
            made.mkdir(parents=True)
        # Whatever is orphaned becomes a child of this process, so that nothing gets out of sight.
        process.adopt_orphans()
        # Without a sandbox, student code runs where the grader does, which is where an instructor grades.
        self._closing.enter_context(chdir(course))
        self._closing.callback(setattr, tempfile, "tempdir", tempfile.tempdir)
        tempfile.tempdir = str(self._temporary)
        mark = token()
        self._canaries = self._closing.enter_context(Canaries(folder, mark))
        self.course = AttackedCourse(course, checkout, self._canaries.places, mark)
        self._machine = ThisMachine(1)
        self._closing.callback(self._machine.close)
        try:
            self._undisturbed = {name: self._undisturbed_result(name) for name in self.course.honest}
        except BaseException:
            self.close()
            raise
        self._next = cycle(self.course.honest)

    def close(self) -> None:
        """End the zygote and take the canaries away."""
        self._closing.close()

    def run(self, attack: Attack) -> AttackOutcome:
        """What comes of an attack, and of the honest student who is graded after it."""
        self.course.hand_in(attack)
        files, temporary = watch.snapshot(self.course.folder), watch.snapshot(self._temporary)
        processes, judges = watch.descendants(os.getpid()), watch.judges()
        results = watch.snapshot(self._results)
        started = time.monotonic()
        with watch.metered(self._temporary, self.course.touch_results) as meter:
            result, fault = self._graded([], attack.timeout)
            seconds = time.monotonic() - started
        replaced = watch.changes(results, watch.snapshot(self._results))
        name = next(self._next)
        disturbed = difference(self._undisturbed[name], self._graded([name], _HONEST_SECONDS)[0])
        after = watch.settled(os.getpid(), len(processes))
        # A judge is ended where judging takes more than it may, and another one takes its place.
        gone = {pid for pid in processes if pid not in after and pid not in judges}
        left = tuple(map(watch.command, after.keys() - processes.keys())) if len(after) > len(processes) else ()
        seen = Sighting(
            result=result,
            fault=fault,
            seconds=seconds,
            peaks=meter.peaks,
            changed=watch.changes(files, watch.snapshot(self.course.folder)),
            left=(*self._new_scratch(temporary, bool(gone)), *watch.left_in_shared_folders(self.course.token)),
            processes=left,
            reached=(
                *self._canaries.disturbed(),
                *_misnamed(result),
                *_taken(replaced),
                *(["its zygote was killed"] if gone else []),
            ),
            neighbours=(f"{name}, {disturbed}",) if disturbed else (),
        )
        self.course.withdraw()
        watch.clear_shared_folders(self.course.token)
        return outcome_of(attack, seen, self.course.secrets)

    def _new_scratch(self, before: Mapping[str, object], new_zygote: bool) -> tuple[str, ...]:
        """What is left in the folder for temporary files; a new zygote has a folder of another name."""
        now = watch.snapshot(self._temporary)
        return () if new_zygote and len(now) == len(before) else watch.changes(before, now)

    def _undisturbed_result(self, student: str) -> Result:
        result, fault = self._graded([student], _HONEST_SECONDS)
        if result is None:
            raise UsageError(fault)
        return result

    def _graded(self, students: Sequence[str], timeout: float) -> tuple[Result | None, str]:
        """A student's result as a class run gives it, or why there is none.

        Args:
            students: one of the honest; none of them for the attacker, under whatever name.
            timeout: seconds that it may take.
        """
        options = Options(
            course=AUTOENCODERS,
            level=self._level,
            salt=Salt(self.course.salt, secret=True),
            timeout=timeout,
            memory_mib=_MEMORY_MIB,
        )
        try:
            with Unpacker() as unpacker:
                release = AUTOENCODERS.release if students else self.course.release
                every = find_submissions([self.course.submitted], AUTOENCODERS.key, release, unpacker)
            attackers = [one for one in every if one.path.is_relative_to(self.course.submitted / ATTACKER)]
            found = [one for one in every if one.student in students] if students else attackers
            run = Run(
                options=options,
                assignment=AUTOENCODERS.key,
                release=release,
                folder=self._results,
                reuse=no_earlier_result,
            )
            for one in grade_class(found, run, self._machine):
                return one.result, one.fault
        except AutograderError as error:
            return None, str(error)
        return None, ""


def _taken(results: Sequence[str]) -> list[str]:
    """Results that changed while the attacker's was written."""
    own = (f"{ATTACKER}.json", f"evidence/{ATTACKER}.json")
    return [f"another student's result was written: {name}" for name in results if name not in own]


def _misnamed(result: Result | None) -> list[str]:
    if result is None or result.student == ATTACKER:
        return []
    return [f"was graded as a student called {result.student}"]
