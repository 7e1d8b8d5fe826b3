"""Closing a worker in before it runs student code. The only module that touches seccomp and Landlock.

Each layer says ``on`` or why it is not; whether that is enough is the grader's decision (``levels``), not ours.
"""

import ctypes
import errno
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from autograder.engine.levels import ON, Level, Limits
from autograder.engine.worker.allowed_files import allowed_files

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38
_SIGKILL = 9
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_TIOCSTI = 0x5412
_O_TMPFILE = 0o20000000
_LOW_HALF = 0xFFFFFFFF

Layer = Callable[[Limits], str | None]
_OUR_PACKAGE = Path(__file__).resolve().parents[2]


def prepare(course: Path) -> None:
    """Load the libraries that the layers need while files can still be opened; they look libc and libseccomp up.

    Args:
        course: folder of the course's package, which holds its judges.
    """
    for load in (lambda: import_module("resource"), lambda: _rules(str(course)), lambda: _filter("cpu")):
        with suppress(Exception):  # what is missing is reported where it is needed
            load()


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


def enter(limits: Limits, level: Level) -> dict[str, str]:
    """Put every layer into force that this platform has; with ``Level.NONE``, none at all.

    There is no way back. Modules that student code will need must have been imported before.

    Returns:
        For each layer ``on``, possibly with a detail, or why it is not.
    """
    if level is Level.NONE:
        return {}
    return {name: _report(layer, limits) for name, layer in _layers().items()}


def _layers() -> Mapping[str, Layer]:
    return {
        "process": _process,
        "rlimits": _rlimits,
        "no_new_privs": _no_new_privs,
        "capabilities": _no_capabilities,
        "not_dumpable": _not_dumpable,
        "landlock": _landlock,
        "seccomp": _seccomp,
    }


def _report(layer: Layer, limits: Limits) -> str:
    try:
        detail = layer(limits)
    except Exception as error:
        return f"off: {type(error).__name__}: {error}"[:200]
    return f"{ON} ({detail})" if detail else ON


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _process(limits: Limits) -> None:
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


def _rlimits(limits: Limits) -> None:
    import resource

    addresses, data = _in_use()
    memory = limits.memory_mib << 20
    wanted = {
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_DATA: data + memory,
        resource.RLIMIT_FSIZE: limits.file_mib << 20,
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_CORE: 0,
    }
    if limits.device == "cpu":
        # Shared mappings are no data; all addresses together hold them down as well.
        wanted[resource.RLIMIT_AS] = addresses + memory
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (allowed, allowed))


def _in_use() -> tuple[int, int]:
    """Bytes of address space that this process has mapped, and of data; 0 where the platform does not say."""
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(pages[0]) * os.sysconf("SC_PAGE_SIZE"), int(pages[5]) * os.sysconf("SC_PAGE_SIZE")
    return 0, 0


def _no_new_privs(_limits: Limits) -> None:
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _no_capabilities(_limits: Limits) -> None:
    """Nothing of what root may do beyond its own files, such as mounting or freezing file systems."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the call, for this process
    if ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _not_dumpable(_limits: Limits) -> None:
    _prctl(_PR_SET_DUMPABLE, 0)


def _landlock(limits: Limits) -> str:
    """Reading from the Python installation and the system's libraries alone, writing to the scratch folder alone."""
    from py_landlock import AccessFs

    rules = _rules(limits.course)
    # Not to remove: a file without a name is kept on the disk by whoever maps it, and no one can see how large it is.
    own = AccessFs.READ_FILE | AccessFs.READ_DIR | AccessFs.WRITE_FILE | AccessFs.TRUNCATE
    rules.add_path_rule(limits.scratch, access=own | AccessFs.MAKE_REG | AccessFs.MAKE_DIR | AccessFs.MAKE_SYM)
    rules.apply()
    return f"ABI {int(rules.abi_version)}"


@cache
def _rules(course: str) -> Any:
    """The rules for reading, with a course's folder hidden; made once for all processes that are forked."""
    from py_landlock import AccessFs, Landlock

    rules = Landlock(strict=False)
    for path in allowed_files({_OUR_PACKAGE, Path(course).resolve()}):
        if path.is_dir():
            rules.allow_read(path)
        elif path.exists():
            rules.add_path_rule(path, access=AccessFs.READ_FILE)
    rules.add_path_rule("/dev/null", access=AccessFs.READ_FILE | AccessFs.WRITE_FILE)
    return rules


_FORBIDDEN = (
    # other processes
    "kill", "tgkill", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "kcmp", "execve", "execveat", "fork", "vfork", "tkill", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "setpriority", "ioprio_set", "sched_setaffinity", "sched_setscheduler", "sched_setparam",
    "sched_setattr", "setrlimit",
    # sockets and shared memory beyond the channel
    "socket", "connect", "bind", "listen", "accept", "accept4", "shmget", "shmat", "shmctl", "msgget", "msgsnd",
    "semget", "semop", "mq_open", "memfd_create", "io_uring_setup", "io_uring_enter", "io_uring_register",
    # what files belong to and look like
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat",
    "futimesat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "mknod",
    "mknodat",
    # news of other files, messages that name their receiver, and what outlives its process
    "inotify_init", "inotify_init1", "inotify_add_watch", "sendmsg", "sendmmsg", "truncate", "memfd_secret",
    "semctl", "semtimedop", "msgctl", "msgrcv", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify",
    "setxattrat", "removexattrat", "file_setattr", "migrate_pages", "move_pages", "process_mrelease",
    # the system
    "mount", "umount2", "move_mount", "mount_setattr", "open_tree", "open_tree_attr", "fsopen", "fspick", "fsconfig",
    "fsmount", "quotactl_fd", "unshare", "setns", "pivot_root", "chroot",
    "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "open_by_handle_at",
    "name_to_handle_at", "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
    "swapon", "swapoff", "acct", "quotactl", "syslog", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
    "sethostname", "setdomainname", "iopl", "ioperm", "personality", "vhangup", "setuid", "setgid", "setreuid",
    "setregid", "setresuid", "setresgid", "setgroups", "capset", "fanotify_init",
)  # fmt: skip


def _seccomp(limits: Limits) -> str:
    """No sockets, no other processes, no new programs, no changes to the system."""
    rules, refused = _filter(limits.device)
    rules.load()
    return f"{refused} calls refused"


@cache
def _filter(device: str) -> tuple[Any, int]:
    """The filter, and how many calls it knows and refuses; made once for all processes that are forked."""
    import pyseccomp

    refuse = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refused = 0
    for name in _FORBIDDEN:
        with suppress(OSError, ValueError, RuntimeError):
            rules.add_rule(refuse, name)
            refused += 1
    # Threads are allowed, processes are not. A filter cannot see the flags of clone3; without it, glibc takes clone.
    clone_thread = 0x00010000
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, clone_thread, 0))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    # Nor files that never had a name; what openat2 is asked for, a filter cannot see.
    for name, flags in (("open", 1), ("openat", 2)):
        rules.add_rule(refuse, name, pyseccomp.Arg(flags, pyseccomp.MASKED_EQ, _O_TMPFILE, _O_TMPFILE))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "openat2")
    rules.add_rule(refuse, "prlimit64", pyseccomp.Arg(2, pyseccomp.NE, 0))
    # The kernel takes the lower half of these arguments alone; a filter sees both halves.
    for option in (_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE):
        rules.add_rule(refuse, "prctl", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _LOW_HALF, option))
    # A descriptor's owner is sent signals; a datagram with an address leaves a socket pair.
    for command in (_F_SETOWN, _F_SETSIG, _F_SETOWN_EX):
        rules.add_rule(refuse, "fcntl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _LOW_HALF, command))
    rules.add_rule(refuse, "sendto", pyseccomp.Arg(4, pyseccomp.NE, 0))
    if device == "cpu":
        # Of all ioctls only those that ask what a descriptor is and how much is in it; CUDA's driver needs its own.
        rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.LT, 0x5401))
        rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.GT, 0x5460))
        rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, _TIOCSTI))
    return rules, refused
