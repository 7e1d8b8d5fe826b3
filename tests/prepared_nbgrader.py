"""nbgrader's commands, each in a process of its own that is forked from one which has imported nbgrader already.

That import takes longer than most commands, and a course's round takes a dozen of them. The forked process is given its
folder, its environment and its arguments as a started one is; ``gradebook/test_nbgrader_run.py`` does start them.
"""

import atexit
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

# What nbgrader and this package's steps import of others; nothing of this package, which looks at its surroundings.
_SERVE = """
import json, os, runpy, sys
import nbgrader.apps.nbgraderapp
import alembic.command, nh3, numpy, pydantic, rapidfuzz, safetensors, threadpoolctl
for line in sys.stdin:
    asked = json.loads(line)
    if (pid := os.fork()) == 0:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
else:
    sys.exit()
nowhere, log = os.open(os.devnull, os.O_RDONLY), os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
for here, there in ((nowhere, 0), (log, 1), (log, 2)):
    os.dup2(here, there)
os.environ.clear()
os.environ.update(asked["environment"])
os.chdir(asked["folder"])
sys.path[0] = asked["folder"]
sys.argv[1:] = asked["arguments"]
runpy.run_module("nbgrader", run_name="__main__", alter_sys=True)
"""


def run_nbgrader(folder: Path, environment: Mapping[str, str], arguments: Sequence[str], log: Path) -> int:
    """Run a command in a folder; its exit status. What it prints goes to the log."""
    server = _server()
    asked = {"folder": str(folder), "environment": dict(environment), "arguments": list(arguments), "log": str(log)}
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server() -> "subprocess.Popen[str]":
    started = subprocess.Popen(
        [sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    atexit.register(started.kill)
    return started
