"""What students call in the notebook: ``check``, ``hint``, ``progress``, ``drill`` and ``facts``."""

from autograder.datasets.torchvision_operators import make_importable
from autograder.notebook import kernel
from autograder.notebook.checking import check, progress
from autograder.notebook.drilling import drill
from autograder.notebook.figures import describe_figures
from autograder.notebook.hints import hint
from autograder.notebook.question import facts
from autograder.observing.warm_up import warm_up

__all__ = ["check", "drill", "facts", "hint", "progress"]

make_importable()
kernel.runs()
describe_figures()
warm_up()
