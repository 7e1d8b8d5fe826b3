"""Closing a process in, a worker before it runs student code or a judge: one module a layer, on the kernel alone.

- `layers`: all of them, one after the other
- `process`, `rlimits`: what a process is given
- `landlock`: files
- `seccomp`, `bpf`, `calls`: system calls; how a filter is put into force, how it is assembled, what it allows
- `refusals`: the calls that an honest program is refused, for `autograder doctor`
"""
