"""The grader's end of a job in a process of its own."""

import os
import pickle
import subprocess
import sys
from contextlib import suppress

from autograder.engine.job.run import GradedSubmission, Run, ToGrade
from autograder.engine.options import Options
from autograder.errors import AutograderError, GraderFault

_COMMAND = (sys.executable, "-P", "-m", "autograder.engine.job.job")
_EXIT_SECONDS = 10.0


class JobProcess:
    """A job that runs beside this process. One thread at a time uses it; ``kill`` is safe from any."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            GraderFault: the system has no room for another process.
        """
        self._told: Run | None = None
        # In a session of its own: Ctrl-C is for the coordinator, which then ends the jobs.
        try:
            self._process = subprocess.Popen(
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=os.name == "posix"
            )
        except OSError as error:
            raise GraderFault(f"a job could not be started ({error}); `--jobs 1` needs fewer processes") from None

    def suits(self, _options: Options) -> bool:
        """Whether it still runs; any run's options will do."""
        return self._process.poll() is None

    def grade(self, one: ToGrade, run: Run) -> GradedSubmission:
        """See ``Job.grade``.

        Raises:
            GraderFault: the process has ended.
            AutograderError: what concerns the whole run.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            if self._told is not run:
                pickle.dump(run, self._process.stdin)
                self._told = run
            pickle.dump(one, self._process.stdin)
            self._process.stdin.flush()
            answer: GradedSubmission | AutograderError = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            raise GraderFault(f"the job that graded it has ended {self._how_it_ended()}") from None
        if isinstance(answer, AutograderError):
            raise answer
        return answer

    def kill(self) -> None:
        """Have it kill its processes and end."""
        self._process.terminate()

    def close(self) -> None:
        """Have it end; one that does not is killed, and its processes end with it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_EXIT_SECONDS)
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def _how_it_ended(self) -> str:
        self._process.kill()
        status = self._process.wait()
        return f"by signal {-status}, as where memory runs out" if status < 0 else f"with status {status}"
