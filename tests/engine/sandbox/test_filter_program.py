"""Programs of BPF, run by a small machine of our own: what they allow, refuse and answer."""

import errno
import struct
from collections.abc import Mapping

import pytest

from autograder.engine.sandbox import bpf, calls, seccomp
from autograder.engine.sandbox.bpf import Machine, Masked, OneOf, Rules

X86, ARM = 0xC000003E, 0xC00000B7
REFUSED = bpf.refused_with(errno.EPERM)
HIGH = 1 << 32
MACHINE = Machine(X86, {"read": 0, "mmap": 9, "fcntl": 72, "fsync": 74, "clone": 56, "newer": 435, "newest": 450})
RULES = Rules(
    {
        "read": (),
        "fcntl": (OneOf(1, (0, 3, 1030)),),
        "clone": (Masked(0, (1 << 64) - 1, 0x3D0F00),),
        "mmap": (Masked(3, 0x42000, 0), OneOf(2, (1, 3))),
        "newer": (),
    },
    {"fsync": 0},
)


def run(program: bytes, number: int, arguments: Mapping[int, int] = {}, machine: int = X86) -> int:
    """What a program returns for a call."""
    values = [arguments.get(at, 0) for at in range(6)]
    data = struct.pack("=iIQ6Q", number, machine, 0, *values)
    steps = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, value)
            case 0x54:
                accumulator &= value
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x06:
                return value
            case _:
                pytest.fail(f"no instruction {code:#x}")


@pytest.fixture(scope="module")
def program() -> bytes:
    return bpf.program(RULES, MACHINE, REFUSED)


@pytest.mark.parametrize(
    ("number", "arguments", "expected"),
    [
        (0, {}, bpf.ALLOW),
        (0, {0: 2**64 - 1}, bpf.ALLOW),
        (1, {}, REFUSED),
        (74, {}, bpf.refused_with(0)),
        (435, {}, bpf.ALLOW),
        (450, {}, bpf.refused_with(errno.ENOSYS)),
        (5000, {}, bpf.refused_with(errno.ENOSYS)),
        # an `int`: the kernel does not look at the upper half, whatever is in it
        (72, {1: 0}, bpf.ALLOW),
        (72, {1: 1030}, bpf.ALLOW),
        (72, {1: HIGH + 3}, bpf.ALLOW),
        (72, {1: 1024}, REFUSED),
        (72, {1: HIGH + 1024}, REFUSED),
        # all 64 bits count
        (56, {0: 0x3D0F00}, bpf.ALLOW),
        (56, {0: 0x3D0F00 + HIGH}, REFUSED),
        (56, {0: 0x3D0F00 | 0x10000000}, REFUSED),
        (56, {0: 17}, REFUSED),
        # both have to hold
        (9, {3: 0x22, 2: 3}, bpf.ALLOW),
        (9, {3: 0x22, 2: 4}, REFUSED),
        (9, {3: 0x40022, 2: 3}, REFUSED),
        (9, {3: HIGH + 0x22, 2: 1}, bpf.ALLOW),
    ],
)
def test_calls_are_told_apart_by_number_and_arguments(
    program: bytes, number: int, arguments: dict[int, int], expected: int
) -> None:
    assert hex(run(program, number, arguments)) == hex(expected)


@pytest.mark.parametrize(("number", "machine"), [(0, ARM), (0, 0x40000003), (0x40000000, X86), (0x40000000 + 72, X86)])
def test_calls_by_another_convention_end_the_process(program: bytes, number: int, machine: int) -> None:
    """32-bit calls and those of x32 have other numbers: what is allowed here would be something else there."""
    assert run(program, number, machine=machine) == bpf.KILL


def test_whoever_listens_is_asked_in_place_of_a_refusal() -> None:
    program = bpf.program(RULES, MACHINE, bpf.NOTIFY)
    asked = [run(program, 1), run(program, 72, {1: 1024}), run(program, 0), run(program, 450)]
    assert asked == [bpf.NOTIFY, bpf.NOTIFY, bpf.ALLOW, bpf.refused_with(errno.ENOSYS)]


# The same on each kind of machine, by the kernel's own headers.
KNOWN = {
    "x86_64": {"read": 0, "openat": 257, "clone": 56, "fcntl": 72, "newfstatat": 262, "getrandom": 318, "rseq": 334},
    "aarch64": {"read": 63, "openat": 56, "clone": 220, "fcntl": 25, "newfstatat": 79, "getrandom": 278, "rseq": 293},
}


@pytest.mark.parametrize("kind", KNOWN)
def test_numbers_of_calls_are_the_kernels(kind: str) -> None:
    numbers = seccomp.numbers(kind)
    assert {name: numbers[name] for name in KNOWN[kind]} == KNOWN[kind]
    assert len(set(numbers.values())) == len(numbers)
    assert numbers["clone3"] == 435


@pytest.mark.parametrize("kind", KNOWN)
@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_rules_make_a_program_that_the_kernel_takes(kind: str, device: str) -> None:
    numbers = seccomp.numbers(kind)
    rules = calls.rules(device)
    every = {name for other in KNOWN for name in seccomp.numbers(other)}
    assert (rules.allowed.keys() | rules.answered.keys()) <= every
    program = bpf.program(rules, Machine(X86, numbers), REFUSED)
    assert len(program) // 8 <= 4096
    for name, number in numbers.items():
        free = rules.allowed.get(name) == ()
        assert (run(program, number) == bpf.ALLOW) >= free, name


NOT_FOR_WORKERS = (
    "fork", "vfork", "execve", "kill", "tgkill", "ptrace", "process_vm_readv", "pidfd_open", "socket", "connect",
    "bind", "sendmsg", "socketpair", "memfd_create", "fallocate", "io_setup", "io_uring_setup", "timer_create",
    "timerfd_create", "eventfd2", "signalfd4", "epoll_create1", "inotify_init1", "fanotify_init", "flock", "splice",
    "tee", "vmsplice", "sendfile", "copy_file_range", "sync", "syncfs", "sync_file_range", "mlock", "mlockall",
    "mlock2", "readahead", "fadvise64", "set_mempolicy", "mbind", "migrate_pages", "move_pages", "sched_setattr",
    "sched_setaffinity", "setpriority", "ioprio_set", "chmod", "fchmodat", "chown", "utimensat", "setxattr", "mknodat",
    "unlink", "unlinkat", "rename", "renameat2", "link", "symlink", "truncate", "mount", "unshare", "setns", "keyctl",
    "add_key", "bpf", "perf_event_open", "userfaultfd", "shmget", "semget", "msgget", "mq_open", "prctl", "setrlimit",
    "seccomp", "landlock_restrict_self", "clone3", "openat2", "process_madvise", "process_mrelease", "quotactl",
    "personality", "pipe2",
)  # fmt: skip


@pytest.mark.parametrize("name", NOT_FOR_WORKERS)
def test_worker_may_not(name: str) -> None:
    numbers = seccomp.numbers("x86_64")
    program = bpf.program(calls.rules("cpu"), Machine(X86, numbers), REFUSED)
    assert run(program, numbers[name]) in (REFUSED, bpf.refused_with(errno.ENOSYS))


COMMANDS = {
    "fcntl F_SETLK": ("fcntl", {1: 6}),
    "fcntl F_SETOWN": ("fcntl", {1: 8}),
    "fcntl F_SETSIG": ("fcntl", {1: 10}),
    "fcntl F_OFD_SETLK": ("fcntl", {1: 37}),
    "fcntl F_SETLEASE": ("fcntl", {1: 1024}),
    "fcntl F_NOTIFY": ("fcntl", {1: 1026}),
    "fcntl F_SETPIPE_SZ": ("fcntl", {1: 1031}),
    "fcntl F_SETLEASE with bits above": ("fcntl", {1: HIGH + 1024}),
    "ioctl TIOCSTI": ("ioctl", {1: 0x5412}),
    "ioctl FIOSETOWN": ("ioctl", {1: 0x8901}),
    "ioctl FS_IOC_SETFLAGS": ("ioctl", {1: 0x40086602}),
    "ioctl FICLONE": ("ioctl", {1: 0x40049409}),
    "prctl PR_SET_PDEATHSIG": ("prctl", {0: 1}),
    "prctl PR_SET_DUMPABLE with bits above": ("prctl", {0: HIGH + 4}),
    "a process by clone": ("clone", {0: 17}),
    "a thread with namespaces": ("clone", {0: 0x3D0F00 | 0x40000000}),
    "a datagram to somebody": ("sendto", {4: HIGH}),
    "limits of another": ("prlimit64", {0: 1}),
    "new limits": ("prlimit64", {2: HIGH}),
    "a file without a name": ("openat", {2: 0o20200002}),
    "a synchronous file": ("openat", {2: 0o4010102}),
    "huge pages": ("mmap", {3: 0x40022}),
    "locked pages": ("mmap", {3: 0x2022}),
    "madvise MADV_REMOVE": ("madvise", {2: 9}),
    "madvise MADV_MERGEABLE": ("madvise", {2: 12}),
    "madvise MADV_PAGEOUT": ("madvise", {2: 21}),
    "madvise MADV_HWPOISON": ("madvise", {2: 100}),
}


@pytest.mark.parametrize("what", COMMANDS)
@pytest.mark.parametrize("kind", KNOWN)
def test_worker_may_not_by_arguments(what: str, kind: str) -> None:
    name, arguments = COMMANDS[what]
    numbers = seccomp.numbers(kind)
    program = bpf.program(calls.rules("cpu"), Machine(X86, numbers), REFUSED)
    assert run(program, numbers[name], arguments) == REFUSED
