"""The course, as nbgrader sees it: `nbgrader` reads this file where it is run."""

from autograder.nbgrader import configure

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader's loader defines it
configure(c)

# The instructor's notebooks, and the students' copies that `nbgrader generate_assignment` makes of them.
c.CourseDirectory.course_id = "autoencoders"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# What must be in force before student code runs, and what one submission may use. A line of random text in
# `autograder.salt`, beside this file, makes the checks unpredictable to students.
c.Grade.sandbox = "strict"
c.Grade.timeout = 120.0
c.Grade.memory_mib = 4096

# Seconds for one cell where `nbgrader validate` runs a notebook: two cells train a network, on a slow machine for
# minutes.
c.ExecutePreprocessor.timeout = 900
c.Execute.timeout = 900
