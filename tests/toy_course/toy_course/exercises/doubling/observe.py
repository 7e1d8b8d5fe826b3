"""Call the student's ``double``."""

from autograder.course.observation import CallResult, Failure
from autograder.instruments.calling import Workspace
from toy_course.exercises.doubling.probe import Observation, numbers


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``double`` makes of the probe of this seed."""
    function = workspace.find("double", "doubling")  # the name, and the cell that should define it
    if isinstance(function, Failure):
        return Observation(CallResult(failure=function))
    return Observation(workspace.call(lambda: function(workspace.tensor(numbers(seed)))))
