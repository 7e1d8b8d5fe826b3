"""nbgrader's autograding with the grader's engine in place of a kernel; ``nbgrader_config.py`` names the parts.

- `renamed`: a notebook under another name is graded all the same
- `exporter`: reads a submission as the grader does, whatever has happened to its file
- `rebuild`: the notebook that nbgrader gets to see, with the released one as its skeleton
- `grade`: grades it and writes cards and points into its test cells
- `review`: tells nbgrader what a person should look at
- `feedback`: keeps from students what is meant for their instructor

Nothing in the folder of submissions is ever changed.
"""
