"""The course's notebooks: from the instructor's solution to the student's copy.

- `clear_solutions`: puts stubs in place of solutions
- `build`: makes ``notebooks/`` from ``solutions/`` with nbgrader, and compares the two
- `restore`: puts an exercise's cell back as it was released, in a student's notebook
- `page`: makes ``docs/misconceptions.md`` from the exercises' texts, and compares the two
- `readable`: a notebook as lines of text, for a diff that people can read
"""
