"""The system calls that a worker needs: one process that computes with threads, on one channel and in one folder.

What is not here is answered with EPERM, which libraries cope with; newer calls with ENOSYS, upon which they fall back
to older ones.
"""

import errno

from autograder.engine.sandbox.bpf import Condition, Masked, OneOf, Rules

_ALL_BITS = (1 << 64) - 1

_FREELY = (
    # files that are open, and what may be opened is Landlock's to say; nothing is removed, renamed, linked or locked
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "lseek", "close", "close_range",
    "dup", "dup2", "dup3", "mkdir", "mkdirat", "ftruncate", "stat", "fstat", "lstat", "newfstatat", "statx", "statfs",
    "fstatfs", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "chdir", "fchdir",
    "umask",
    # memory
    "munmap", "mremap", "mprotect", "brk",
    # threads, and the end
    "futex", "set_robust_list", "rseq", "gettid", "sched_yield", "sched_getaffinity", "sched_getparam",
    "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min", "exit", "exit_group", "restart_syscall",
    # signals to itself, and time
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigsuspend",
    "sigaltstack", "pause", "alarm", "setitimer", "getitimer", "nanosleep", "clock_nanosleep", "clock_gettime",
    "clock_getres", "gettimeofday", "time", "times", "getrusage", "poll", "ppoll", "select", "pselect6",
    # the channel
    "recvfrom",
    # what it and the machine are
    "getpid", "getppid", "getpgrp", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups",
    "getrlimit", "uname", "sysinfo", "getcpu", "getrandom",
)  # fmt: skip

# Flags and commands by the kernel's names.
_THREAD = 0x3D0F00  # of clone: all that glibc and musl share in a new thread
_DETACHED = 0x400000  # which musl adds, and the kernel passes over
_LOCKED, _HUGE = 0x2000, 0x40000  # of mmap
_WITHOUT_NAME, _SYNCHRONOUS = 0o20000000, 0o4010000  # of open
_MADVISE = (0, 1, 2, 4, 8, 10, 11, 14, 15, 16, 17, 18, 19)  # NORMAL … KEEPONFORK; not REMOVE, MERGEABLE, COLD, PAGEOUT
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032)  # DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC, GETPIPE_SZ
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A)  # TCGETS, winsize, NREAD, NBIO, CLEX, TCGETS2
_PRCTL = (3, 15, 16)  # GET_DUMPABLE, SET_NAME, GET_NAME

_WITH_ARGUMENTS: dict[str, tuple[Condition, ...]] = {
    # A file without a name is not counted by whoever looks at the folder; a synchronous one keeps the disk busy.
    "open": (Masked(1, _WITHOUT_NAME | _SYNCHRONOUS, 0),),
    "openat": (Masked(2, _WITHOUT_NAME | _SYNCHRONOUS, 0),),
    "fcntl": (OneOf(1, _FCNTL),),
    "ioctl": (OneOf(1, _IOCTL),),
    "prctl": (OneOf(0, _PRCTL),),
    "mmap": (Masked(3, _LOCKED | _HUGE, 0),),
    "madvise": (OneOf(2, _MADVISE),),
    "clone": (Masked(0, _ALL_BITS ^ _DETACHED, _THREAD),),
    # To whom the channel leads, and to nobody by name; its own limits, and none to be set.
    "sendto": (Masked(4, _ALL_BITS, 0),),
    "prlimit64": (OneOf(0, (0,)), Masked(2, _ALL_BITS, 0)),
}

# The folder goes when the worker does: nothing needs to be on the disk for good.
_DONE = dict.fromkeys(("fsync", "fdatasync", "msync"), 0)
_NO_ATTRIBUTES = dict.fromkeys(
    ("getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"), errno.ENOTSUP
)

# What CUDA's driver may do besides; a wide list, since its ioctls differ with each version of it.
_FREELY_ON_CUDA = (
    "ioctl", "mmap", "madvise", "mincore", "mlock", "mlock2", "munlock", "mbind", "get_mempolicy", "set_mempolicy",
    "membarrier", "pipe", "pipe2", "eventfd", "eventfd2", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
    "epoll_pwait", "timerfd_create", "timerfd_settime", "timerfd_gettime", "socketpair", "recvmsg", "shutdown",
    "getsockname", "getpeername", "getsockopt", "setsockopt", "wait4", "waitid", "getdents", "rename", "unlink",
    "unlinkat", "capget", "arch_prctl", "get_robust_list", "getpgid", "getsid", "getpriority", "sched_getattr",
    "sched_rr_get_interval",
)  # fmt: skip


def rules(device: str) -> Rules:
    """What may be called where student code computes on that device."""
    allowed = {**dict.fromkeys(_FREELY, ()), **_WITH_ARGUMENTS}
    if device == "cuda":
        allowed |= dict.fromkeys(_FREELY_ON_CUDA, ())
    return Rules(allowed, {**_DONE, **_NO_ATTRIBUTES})
