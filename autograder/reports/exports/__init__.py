"""Final marks in the forms that platforms take.

- `canvas`, `moodle`: the platform's own table comes in, and only grades (and Moodle's comments) are filled in
- `gradescope`: a ``results.json`` for each student
- `moodle_feedback`: the pages in the folders that Moodle takes back
- `gradescope_autograder`: the grader itself, for containers there
- `people`: who of a platform's table is which student
"""
