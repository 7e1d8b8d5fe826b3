"""The course, as nbgrader sees it: `nbgrader` reads this file where it is run."""

import os
import sys
from pathlib import Path

# nbgrader starts `alembic` by its bare name; it lies beside this Python, also where no environment is activated.
os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader's loader defines it

# The instructor's notebooks, and the students' copies that `nbgrader generate_assignment` makes of them.
c.CourseDirectory.course_id = "autoencoders"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# nbgrader's own steps in their order, with a ClearSolutions that gives each solution its own stub.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "autograder.nbgrader.clear_solutions.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A submission is read by the grader's own reader, whatever its file is called and whatever has happened to its cells.
c.Autograde.exporter_class = "autograder.nbgrader.exporter.SubmissionExporter"

# nbgrader's own steps in their order, with Grade in place of Execute, and AskForReview behind SaveAutoGrades.
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.grade.Grade",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "autograder.nbgrader.review.AskForReview",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback pages show the same cards, without what is meant for the instructor alone, and run no scripts of students'.
c.GenerateFeedback.exporter_class = "autograder.nbgrader.feedback_page.FeedbackPage"
c.GenerateFeedback.preprocessors = [
    "autograder.nbgrader.feedback.ForStudents",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# What must be in force before student code runs, and what one submission may use. A line of random text in
# `autograder.salt`, beside this file, makes the checks unpredictable to students.
c.Grade.sandbox = "strict"
c.Grade.timeout = 120.0
c.Grade.memory_mib = 4096

# Seconds for one cell where `nbgrader validate` runs a notebook: two cells train a network, on a slow machine for
# minutes.
c.ExecutePreprocessor.timeout = 900
c.Execute.timeout = 900
