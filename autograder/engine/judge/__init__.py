"""The process that judges: it reads what workers have sent, and holds it against what was to be expected.

It has neither torch nor student code, no file to write to and no network, and limits of its own: what cannot be decided
within them is for a person, and nobody else waits for it.

    questions   what the grader asks of it, and what it answers
    replies     what a worker's frame says
    limits      its processor time, time and memory
    judge       the process
"""
