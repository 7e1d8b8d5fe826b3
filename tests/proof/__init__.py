"""The maintainers' proof: what must hold of the grader, tried out on the grader.

Run it with ``make verify``, or a part of it with ``PYTHONPATH=tests python -m proof --help``.

- `answers`: wrong answers are caught and named, right ones accepted, on every seed; no mutant of the solution survives
- `attacks`: no submission earns, learns or leaves what it should not
- `parts`: the parts of the proof, each with what it needs
- `matrix`, `tables`, `page`: the tables that sum it up, on the terminal and in ``docs/kill-matrix.md``
"""
