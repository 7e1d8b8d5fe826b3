"""Landlock: the files that a worker may read, and the one folder that it may write to; the kernel's own interface.

Each version of the interface (its ABI) knows more rights than the one before. All that both this kernel and this text
know are taken away, and some given back for some files.
"""

import ctypes
import os
import stat
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from autograder.engine.levels import Limits
from autograder.engine.readable import readable_files
from autograder.engine.sandbox.process import libc

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_FOR_VERSION = 1
_PATH_BENEATH = 1
_FIRST_FOR_ALL_THREADS, _ALL_THREADS = 8, 1 << 3

_WRITE_FILE, _READ_FILE, _READ_DIR, _MAKE_DIR, _MAKE_REG, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 7, 1 << 8, 1 << 14
_READ = _READ_FILE | _READ_DIR
# Not to remove: a file without a name is kept on the disk by whoever maps it, and no one can see how large it is.
_OWN_FOLDER = _READ | _WRITE_FILE | _TRUNCATE | _MAKE_REG | _MAKE_DIR
_ONLY_FOR_FOLDERS = _READ_DIR | _MAKE_DIR | _MAKE_REG
_DISCARD = "/dev/null"

# Rights to files, to TCP ports, and to what is outside of the sandbox (abstract sockets, signals), by their first ABI.
_FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: _TRUNCATE, 5: 1 << 15}
_PORTS = {4: 0b11}
_OUTSIDE = {6: 0b11}


class _Rights(ctypes.Structure):
    """``struct landlock_ruleset_attr``."""

    _fields_ = (("files", ctypes.c_uint64), ("ports", ctypes.c_uint64), ("outside", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    """``struct landlock_path_beneath_attr``."""

    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def prepare(course: str) -> None:
    """Find out what may be read, once for all processes that are forked from this one."""
    _readable(course)


def enter(limits: Limits) -> str:
    """Reading from the Python installation and the system's libraries alone, writing to the scratch folder alone."""
    return restrict(_readable(limits.course), [limits.scratch])


def restrict(readable: Iterable[str], writable: Iterable[str]) -> str:
    """Take away all files and folders but these, and what leads out of this process; there is no way back."""
    older_threads = len(os.listdir("/proc/self/task")) - 1  # noqa: PTH208
    abi = _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_FOR_VERSION))
    rights = _Rights(*(_known(abi, kinds) for kinds in (_FILES, _PORTS, _OUTSIDE)))
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rights), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        _allow(ruleset, readable, _READ & rights.files)
        _allow(ruleset, [_DISCARD], (_READ_FILE | _WRITE_FILE) & rights.files)
        _allow(ruleset, writable, _OWN_FOLDER & rights.files)
        threads = _ALL_THREADS if abi >= _FIRST_FOR_ALL_THREADS else 0
        _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(threads))
    finally:
        os.close(ruleset)
    # CUDA's driver has started threads by now; kernels of this age do not take them in.
    without = f"; not for {older_threads} older threads" if older_threads and abi < _FIRST_FOR_ALL_THREADS else ""
    return f"ABI {abi}{without}"


@cache
def _readable(course: str) -> tuple[str, ...]:
    return tuple(map(str, readable_files(Path(course))))


def _known(abi: int, kinds: dict[int, int]) -> int:
    return sum(right for since, right in kinds.items() if since <= abi)


def _allow(ruleset: int, paths: Iterable[str], rights: int) -> None:
    for path in paths:
        try:
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # what is not there, or not for us, is not for the worker
            continue
        try:
            given = rights if stat.S_ISDIR(os.fstat(opened).st_mode) else rights & ~_ONLY_FOR_FOLDERS
            beneath = _Beneath(given, opened)
            _call(
                _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(beneath), ctypes.c_uint32(0)
            )
        finally:
            os.close(opened)


def _call(number: int, *arguments: object) -> int:
    given = libc().syscall(ctypes.c_long(number), *arguments)
    if given < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(given)
