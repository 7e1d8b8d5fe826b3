"""nbgrader's side: what makes a course's notebooks, and steps that have nbgrader grade with the engine.

Authoring:

- `configuration`: what an ``nbgrader_config.py`` calls
- `release_exporter`: has `clear_solutions` put stubs in place of solutions, and test cells say their points
- `build`: makes the release of a course with nbgrader, and compares it with what was released
- `verify_course`: a course proves itself

Grading, with the engine in place of a kernel. Nothing in the folder of submissions is ever changed:

- `released`: which assignments are the course's, whatever they are called, and what students were handed for each
- `renamed`: a notebook under another name is graded all the same
- `exporter`: reads a submission as the grader does, whatever has happened to its file
- `rebuild`: the notebook that nbgrader gets to see, with the released one as its skeleton
- `safe_text`, `allowed_html`, `pictures`: students' texts in it, with nothing that a browser would run or fetch
- `grade`: grades it and writes cards and points into its test cells
- `every_assignment`: runs other assignments in the sandbox as well, where the configuration asks for that
- `review`: marks in its gradebook what a person should look at
- `feedback_page`: writes the page, without what is meant for the instructor; no scripts but the template's run on it
"""

from autograder.nbgrader.configuration import configure

__all__ = ["configure"]
