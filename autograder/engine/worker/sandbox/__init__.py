"""Closing a worker in before it runs student code: one module a layer, and none needs more than the kernel.

- `layers`: all of them, one after the other
- `process`, `rlimits`: what a process is given
- `landlock`: files
- `seccomp`, `bpf`, `calls`: system calls; how a filter is put into force, how it is assembled, what it allows
- `refusals`: the calls that an honest program is refused, for `autograder doctor`
"""
