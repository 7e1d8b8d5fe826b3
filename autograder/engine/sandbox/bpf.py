"""Rules for system calls, assembled into a program of classic BPF as the kernel's seccomp takes it.

A program is run for every call with the call's number, the machine's kind and six arguments of 64 bits, which it can
look at in halves of 32 bits only.
"""

import errno
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ALLOW = 0x7FFF0000
KILL = 0x80000000
NOTIFY = 0x7FC00000
_ERRNO = 0x00050000

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_GREATER_OR_EQUAL = 0x15, 0x35
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_X32_CALLS = 0x40000000
# From here on calls have one number on all machines; libraries try these, and fall back where a kernel lacks them.
_FIRST_OF_THE_NEWER = 424
_LONGEST_JUMP = 255


@dataclass(frozen=True)
class OneOf:
    """An argument that is one of some values, in the lower half: the kernel takes no more of an ``int``."""

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Masked:
    """An argument whose bits under a mask, of all 64, are those of a value."""

    argument: int
    mask: int
    value: int


Condition = OneOf | Masked


@dataclass(frozen=True)
class Rules:
    """What may be called.

    Attributes:
        allowed: calls that may be made, each with what has to hold of its arguments.
        answered: calls that are not made, and whose caller gets an ``errno``; 0 says that it was done.
    """

    allowed: Mapping[str, tuple[Condition, ...]]
    answered: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Machine:
    """A kind of machine: its number in the kernel's eyes, and those of its calls.

    Attributes:
        audit_number: which calling convention is used; another one has other numbers for its calls.
        numbers: of calls that this machine has.
    """

    audit_number: int
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class _Step:
    """One instruction; the jumps of a condition are counted from the next one, ``None`` leads to the refusal."""

    code: int
    value: int
    if_true: int | None = 0
    if_false: int | None = 0


def refused_with(number: int) -> int:
    """What answers a call with an ``errno``."""
    return _ERRNO | number


def program(rules: Rules, machine: Machine, refusal: int) -> bytes:
    """The program for a machine.

    Args:
        rules: what may be called.
        machine: where.
        refusal: what becomes of any other call, and of one whose arguments are not as they have to be.
    """
    steps = [
        _Step(_LOAD, _MACHINE),
        _Step(_IF_EQUAL, machine.audit_number, 1, 0),
        _Step(_RETURN, KILL),
        _Step(_LOAD, _NUMBER),
        _Step(_IF_GREATER_OR_EQUAL, _X32_CALLS, 0, 1),
        _Step(_RETURN, KILL),
    ]
    for name, number in machine.numbers.items():
        if name in rules.allowed:
            block = _block(rules.allowed[name], refusal)
        elif name in rules.answered:
            block = [_Step(_RETURN, refused_with(rules.answered[name]))]
        else:
            continue
        steps += [_Step(_IF_EQUAL, number, 0, len(block)), *block]
    steps += [
        _Step(_IF_GREATER_OR_EQUAL, _FIRST_OF_THE_NEWER, 0, 1),
        _Step(_RETURN, refused_with(errno.ENOSYS)),
        _Step(_RETURN, refusal),
    ]
    return b"".join(struct.pack("=HBBI", step.code, step.if_true, step.if_false, step.value) for step in steps)


def _block(conditions: Sequence[Condition], refusal: int) -> list[_Step]:
    """What allows a call where all conditions hold, and refuses it where one does not."""
    checks = [step for condition in conditions for step in _check(condition)]
    if not checks:
        return [_Step(_RETURN, ALLOW)]
    steps = [*checks, _Step(_RETURN, ALLOW), _Step(_RETURN, refusal)]
    assert len(steps) <= _LONGEST_JUMP
    last = len(steps) - 1
    return [
        _Step(
            step.code,
            step.value,
            last - at - 1 if step.if_true is None else step.if_true,
            last - at - 1 if step.if_false is None else step.if_false,
        )
        for at, step in enumerate(steps)
    ]


def _check(condition: Condition) -> list[_Step]:
    """What goes on behind itself where the condition holds."""
    low = _ARGUMENTS + 8 * condition.argument
    if isinstance(condition, OneOf):
        *others, last = condition.values
        tries = [_Step(_IF_EQUAL, value, len(others) - at, 0) for at, value in enumerate(others)]
        return [_Step(_LOAD, low), *tries, _Step(_IF_EQUAL, last, 0, None)]
    steps = []
    for place, shift in ((low, 0), (low + 4, 32)):
        mask, value = condition.mask >> shift & 0xFFFFFFFF, condition.value >> shift & 0xFFFFFFFF
        if mask:
            steps += [_Step(_LOAD, place), _Step(_AND, mask), _Step(_IF_EQUAL, value, 0, None)]
    return steps
