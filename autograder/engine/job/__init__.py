"""One of the jobs that grade a class side by side: it reads, has graded and keeps one submission after another.

Each is a process of its own, so that what grading takes of the interpreter grows with the cores.
"""
