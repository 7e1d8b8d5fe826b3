"""The seam between the grader and what it grades: everything else knows courses through this package alone.

- `course`: a course as its package describes it; `installed` finds those that are there
- `exercise`: one graded task, its checks, hints and misconceptions
- `python_mistakes`, `notebook_mistakes`: misconceptions that any exercise may have
- `drills`: code with a mistake to find, for students whose own code is right
- `release`, `cells`: the notebook that was handed out, as plain data; `notebook_diff` shows how two differ
- `draws`: seeded numbers for probes, the same in judge and worker
- `observation`: what a worker reports of student code
"""
