"""A PostgreSQL server of a test's own, where the machine has the programs for one."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USER = "postgres"


def programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``; Debian keeps them apart from what users call."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return places[-1] if places else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """A server that listens on a socket in a folder of its own; the address of an empty database for SQLAlchemy."""
    owner = _owner()
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        data = folder / "data"
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)

        def run(program: str, *arguments: str) -> None:
            user = owner.pw_uid if owner else None
            command = [str(programs / program), *arguments]
            # Into a file: the server keeps what it was started with open, and a pipe would never end.
            with (folder / f"{program}.out").open("w") as said:
                subprocess.run(command, user=user, cwd="/", stdout=said, stderr=subprocess.STDOUT, check=True)

        run("initdb", "--pgdata", str(data), "--username", "nbgrader", "--auth", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "--pgdata", str(data), "--options", options, "--log", str(folder / "log"), "--wait", "start")
        try:
            yield f"postgresql+psycopg2://nbgrader@/postgres?host={folder}"
        finally:
            run("pg_ctl", "--pgdata", str(data), "--mode", "immediate", "stop")


def _owner() -> pwd.struct_passwd | None:
    """Who has to run it: PostgreSQL refuses root, for whom its package has made a user."""
    return pwd.getpwnam(_USER) if os.geteuid() == 0 else None
