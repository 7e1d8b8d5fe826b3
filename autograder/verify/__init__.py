"""The course proves itself: what must hold of the grader, tried out on the grader.

- `pair`: the solution earns everything, the students' notebook nothing
- `answers`: wrong answers are caught and named, right ones accepted, on every seed; no mutant of the solution survives
- `attacks`: no submission earns, learns or leaves what it should not
- `matrix`, `page`: the tables that sum it up, and ``docs/kill-matrix.md``
"""
