"""Makes ``import torchvision`` work where torchvision's compiled operators cannot load.

PyPI's torchvision for Linux is linked against the CUDA build of torch. Beside a CPU-only torch its operators do not
load, and the import stops at "operator torchvision::nms does not exist". Datasets and transforms need none of them: it
is enough that the two operators which the import looks up are declared.
"""

import functools
import importlib
import sys

import torch


def make_importable() -> None:
    """Import torchvision, declaring its missing operators where the import fails for want of them.

    Somebody must call this before the first ``import torchvision``; ``autograder`` does it in notebooks. After a plain
    import that failed it still helps. Where the compiled operators load, nothing is declared.

    Raises:
        ImportError: torchvision is not installed, or fails to import for a reason of its own.
        RuntimeError: likewise.
    """
    if "torchvision" in sys.modules:
        return
    _forget_unfinished_import()
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        _declare_operators()
        _forget_unfinished_import()
        importlib.import_module("torchvision")


# Finding out by torchvision's own import, rather than by loading its library beforehand, can never declare an operator
# that torchvision then goes on to define: a second definition ends in an exception inside its C++ code.
@functools.cache
def _declare_operators() -> torch.library.Library:
    # The cache is what keeps the library alive: torch takes the declarations back when it is collected.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


def _forget_unfinished_import() -> None:
    # Python drops a package whose import failed but keeps the submodules that came before the failure. A second import
    # would find those without binding them to the new package, and stop at "torchvision has no attribute 'extension'".
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
