"""The Python that workers run in: the grader's own, told nothing of the grader's surroundings.

No folder comes onto its path but Python's own and those of installed packages: ``PYTHONPATH`` does not reach it, nor
does the folder in which grading was started. What is on its path may be read by student code (see ``readable``).
"""

import json
import os
import subprocess
import sys
from functools import cache

from autograder.errors import GraderFault

# Not `-I`, which would leave the order of sets to chance: it passes over `PYTHONHASHSEED` with all else of that kind.
PYTHON = (sys.executable, "-P")

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "SYSTEMROOT")
# One thread each: as many submissions are graded side by side as there are cores, and sums are added in one order.
ENVIRONMENT = {
    **{name: os.environ[name] for name in _KEPT if name in os.environ},
    **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "Agg",
    # Freed matrices are kept for the next ones of their size, instead of page after page being asked for again.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
}
_START_SECONDS = 60.0


@cache
def workers_path() -> tuple[str, ...]:
    """Where a worker's interpreter finds modules.

    Raises:
        GraderFault: it does not start.
    """
    command = (*PYTHON, "-c", "import json, sys; print(json.dumps(sys.path))")
    try:
        ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True, timeout=_START_SECONDS)
        path: list[str] = json.loads(ran.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        why = f"{sys.executable}: {type(error).__name__}"
        raise GraderFault(f"a worker process could not be started ({why}); `autograder doctor` may tell why") from None
    return tuple(path)
