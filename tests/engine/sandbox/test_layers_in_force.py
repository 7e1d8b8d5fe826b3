"""The layers as the kernel takes them, each in a process of its own."""

import errno
import json
import platform
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from autograder.engine.sandbox import landlock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

TRY = """
import ctypes, errno, fcntl, json, mmap, os, resource, socket, sys, threading
from autograder.engine.levels import Limits
from autograder.engine.sandbox import bpf, calls, landlock, process, seccomp
limits = Limits(sys.argv[1], sys.argv[1], 1024, 60)
libc = ctypes.CDLL(None, use_errno=True)
def outcome(way):
    try:
        return way() or "done"
    except OSError as error:
        return errno.errorcode[error.errno]
def called(name, *arguments):
    number = seccomp.machine().numbers[name]
    if libc.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, arguments)) < 0:
        raise OSError(ctypes.get_errno(), name)
"""


def ended(folder: Path, source: str) -> "subprocess.CompletedProcess[str]":
    (folder / "own").mkdir(exist_ok=True)
    command = [sys.executable, "-c", TRY + source, str(folder / "own"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def said(folder: Path, source: str) -> Any:
    run = ended(folder, source)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


SECCOMP = """
process.no_new_privs()
opened = os.open("/dev/null", os.O_RDWR)
seccomp.numbers(seccomp.platform.machine()), seccomp.machine()
seccomp.enter(limits)
"""


def test_filter_is_in_force(tmp_path: Path) -> None:
    ways = dedent("""
    print(json.dumps({name: outcome(way) for name, way in {
        "a thread": lambda: threading.Thread(target=print, kwargs={"end": ""}).start(),
        "memory": lambda: mmap.mmap(-1, 4096).close(),
        "a flag of a descriptor": lambda: fcntl.fcntl(opened, fcntl.F_GETFD) and None,
        "on the disk": lambda: called("fsync", opened),
        "a lease": lambda: fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        "a lease, with bits above": lambda: called("fcntl", opened, (1 << 32) + 1024, 0),
        "a process": lambda: os.fork() or os._exit(0),
        "a socket": lambda: socket.socket(),
        "a newer way to make a process": lambda: called("clone3", 0, 0),
        "attributes": lambda: os.listxattr("/"),
    }.items()}))
    """)
    assert said(tmp_path, SECCOMP + ways) == {
        "a thread": "done",
        "memory": "done",
        "a flag of a descriptor": "done",
        "on the disk": "done",
        "a lease": "EPERM",
        "a lease, with bits above": "EPERM",
        "a process": "EPERM",
        "a socket": "EPERM",
        "a newer way to make a process": "ENOSYS",
        "attributes": errno.errorcode[errno.ENOTSUP],
    }


def test_filter_holds_for_threads_that_ran_before(tmp_path: Path) -> None:
    """As CUDA's driver starts them, and torch runs a student's gradient functions in them."""
    threads = dedent("""
    go, tried = threading.Event(), []
    thread = threading.Thread(target=lambda: (go.wait(), tried.append(outcome(lambda: socket.socket().close()))))
    thread.start()
    """)
    end = "\ngo.set(); thread.join(); print(json.dumps(tried))"
    assert said(tmp_path, threads + SECCOMP + end) == ["EPERM"]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these are of x86_64")
@pytest.mark.parametrize(
    "way",
    [
        "libc.syscall(ctypes.c_long(0x40000000 + 39))",
        # `int 0x80` with the number of getpid in 32-bit programs, which is that of writev in others
        "page = mmap.mmap(-1, 4096, prot=7); page.write(bytes.fromhex('b814000000cd80c3'));"
        "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()",
    ],
    ids=["x32", "32 bits"],
)
def test_calls_of_other_conventions_end_the_process(tmp_path: Path, way: str) -> None:
    assert ended(tmp_path, way).returncode == 0
    assert ended(tmp_path, SECCOMP + way).returncode == -signal.SIGSYS


def test_filter_of_another_machine_is_not_made(tmp_path: Path) -> None:
    source = "seccomp.platform.machine = lambda: 'riscv64'\ntry:\n    seccomp.enter(limits)\nexcept OSError as error:\n"
    assert said(tmp_path, source + "    print(json.dumps(str(error)))").endswith("no list of system calls for riscv64")


LANDLOCK = """
os.chdir(sys.argv[1])
process.no_new_privs()
landlock.prepare(sys.argv[2])
report = landlock.enter(limits)
"""


@pytest.mark.parametrize("abi", range(1, 8))
def test_files_are_closed_by_whatever_version_the_kernel_has(tmp_path: Path, abi: int) -> None:
    (tmp_path / "secret").write_text("s3cret")
    older = f"real = landlock._call\nlandlock._call = lambda *all: {abi} if all[1] is None else real(*all)\n"
    ways = dedent("""
    secret = sys.argv[2] + "/secret"
    print(json.dumps([report, {name: outcome(way) for name, way in {
        "read": lambda: open(secret).read(),
        "list": lambda: os.listdir(sys.argv[2]),
        "write": lambda: open(sys.argv[2] + "/new", "w").close(),
        "the standard library": lambda: open(os.__file__).close(),
        "its own folder": lambda: open("mine", "w").close(),
        "a folder in it": lambda: os.mkdir("folder"),
        "a link in it": lambda: os.symlink("mine", "link"),
        "removing": lambda: os.unlink("mine"),
        "discarding": lambda: open("/dev/null", "w").close(),
        "the system's passwords": lambda: open("/etc/passwd").close(),
    }.items()}]))
    """)
    if landlock._call(444, None, *map(landlock.ctypes.c_long, (0, 1))) < abi:  # type: ignore[attr-defined]
        pytest.skip("this kernel's is older")
    report, outcomes = said(tmp_path, older + LANDLOCK + ways)
    assert report == f"ABI {abi}"
    assert outcomes == {
        "read": "EACCES",
        "list": "EACCES",
        "write": "EACCES",
        "the standard library": "done",
        "its own folder": "done",
        "a folder in it": "done",
        "a link in it": "EACCES",
        "removing": "EACCES",
        "discarding": "done",
        "the system's passwords": "EACCES",
    }


def test_threads_that_landlock_does_not_take_in_are_told(tmp_path: Path) -> None:
    threads = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    end = "\nprint(json.dumps(report))\nsys.stdout.flush()\nos._exit(0)"
    report = said(tmp_path, threads + LANDLOCK + end)
    assert ("not for 1 older thread" in report) == (int(report.split()[1].rstrip(";")) < 8)


def test_calls_that_a_program_is_refused_are_named(tmp_path: Path) -> None:
    source = dedent("""
    from autograder.engine.sandbox.refusals import refusals
    def program():
        assert open("/dev/null").read() == ""
        for way in (os.fork, os.sync, os.sync, lambda: fcntl.fcntl(0, fcntl.F_SETLEASE, 0), lambda: 1 / 0):
            outcome(way)
    print(json.dumps(refusals(program)))
    """)
    clone, sync, lease = said(tmp_path, source)
    assert clone.startswith("clone(0x")
    assert sync == "sync"
    assert lease == "fcntl(0x0, 0x400, 0x0, 0x0)"
