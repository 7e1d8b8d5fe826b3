"""What students call in the notebook: ``check``, ``hint``, ``progress``, ``drill`` and ``facts``.

Importing it costs little: what the first ``check`` needs is loaded by the first ``check``. Only three things cannot
wait: torchvision is imported by the notebook's next line, and runs of cells and drawn figures are noted from now on.
"""

from autograder.instruments.torchvision_operators import make_importable
from autograder.notebook import kernel
from autograder.notebook.checking import check, progress
from autograder.notebook.diagnosis import facts
from autograder.notebook.drilling import drill
from autograder.notebook.figures import describe_figures
from autograder.notebook.hints import hint

__all__ = ["check", "drill", "facts", "hint", "progress"]

make_importable()
kernel.runs()
kernel.go_on_after_cells_that_are_not_ready()
describe_figures()
