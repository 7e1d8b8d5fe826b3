"""The process itself: whom it ends with, what it was given, what it may become."""

import ctypes
import os
import sys
import tempfile

from autograder.engine.levels import Limits

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38
_SIGKILL = 9
_CAPABILITIES_VERSION_3 = 0x20080522


def die_with_parent(parent: int) -> None:
    """Be killed as soon as the parent ends; nothing where the platform cannot do that.

    Args:
        parent: its process id, in case that it has ended already.
    """
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of whatever children's children are left behind, so that they can be ended."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def set_apart(limits: Limits) -> None:
    """A session of its own that dies with its parent, an empty environment, and a scratch folder to work in."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    die_with_parent(os.getppid())
    os.umask(0o077)
    os.environ.clear()
    os.environ.update(
        HOME=limits.scratch, TMPDIR=limits.scratch, PATH="/usr/bin:/bin", LANG="C.UTF-8", MPLBACKEND="Agg",
        MPLCONFIGDIR=limits.scratch,
    )  # fmt: skip
    tempfile.tempdir = limits.scratch
    os.chdir(limits.scratch)


def no_new_privs(_limits: Limits | None = None) -> None:
    """No program that it starts may do more than it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def no_capabilities(_limits: Limits | None = None) -> None:
    """Nothing of what root may do beyond its own files, such as mounting or freezing file systems."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION_3, 0)
    if libc().capset(header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def not_dumpable(_limits: Limits | None = None) -> None:
    """No other process may look into it."""
    _prctl(_PR_SET_DUMPABLE, 0)


def libc() -> ctypes.CDLL:
    """The C library that this process has loaded already."""
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    if libc().prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
