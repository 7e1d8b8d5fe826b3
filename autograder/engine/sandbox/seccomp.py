"""seccomp: the system calls that a worker may make, by an allow list; put into force without any library."""

import csv
import ctypes
import errno
import os
import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from autograder.engine.levels import Limits
from autograder.engine.sandbox import bpf, calls
from autograder.engine.sandbox.process import libc, no_new_privs

_AUDIT_NUMBERS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALL = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER = 1
_ALL_THREADS, _NEW_LISTENER = 1, 8


class _Program(ctypes.Structure):
    """``struct sock_fprog`` of the kernel."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def prepare(device: str) -> None:
    """Assemble the filter while files can still be opened, once for all processes that are forked from this one."""
    _filter(device)


def enter(limits: Limits) -> str:
    """Put the filter into force for every thread of this process."""
    return restrict(limits.device)


def restrict(device: str) -> str:
    """Let every thread of this process make no other calls than computing on that device takes."""
    load(_filter(device), _ALL_THREADS)
    return f"{len(calls.rules(device).allowed)} calls allowed"


def listen(device: str) -> int:
    """Put the filter into force for this thread alone; who refuses is whoever listens at the descriptor given."""
    no_new_privs()
    return load(bpf.program(calls.rules(device), machine(), bpf.NOTIFY), _NEW_LISTENER)


def load(program: bytes, flags: int) -> int:
    """Give a program to the kernel.

    Raises:
        OSError: it does not take it.
    """
    filled = _Program(len(program) // 8, program)
    number = ctypes.c_long(_CALL[platform.machine()])
    given = libc().syscall(number, ctypes.c_ulong(_SET_MODE_FILTER), ctypes.c_ulong(flags), ctypes.byref(filled))
    if given < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if given > 0 and not flags & _NEW_LISTENER:
        raise OSError(errno.ESRCH, f"thread {given} of this process cannot be taken in")
    return int(given)


@cache
def machine() -> bpf.Machine:
    """The machine that this runs on.

    Raises:
        OSError: the numbers of its system calls are not known here.
    """
    kind = platform.machine()
    if kind not in _AUDIT_NUMBERS or platform.system() != "Linux":
        raise OSError(errno.ENOSYS, f"no list of system calls for {kind}")
    return bpf.Machine(_AUDIT_NUMBERS[kind], numbers(kind))


def numbers(kind: str) -> Mapping[str, int]:
    """The numbers of system calls on a kind of machine, by their names."""
    with Path(__file__).with_name("system_calls.csv").open(encoding="ascii") as file:
        return {row["name"]: int(row[kind]) for row in csv.DictReader(file) if row[kind]}


@cache
def _filter(device: str) -> bytes:
    return bpf.program(calls.rules(device), machine(), bpf.refused_with(errno.EPERM))
