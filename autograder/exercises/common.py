"""Mistakes that any exercise may hold."""

from autograder.exercises.definition import EVERY_CHECK, Kind, Misconception


def misconceptions(check: str) -> tuple[Misconception, ...]:
    """The misconceptions that every exercise shares; the first check carries them."""
    return (
        Misconception("raise-left-in", check, (
            "There is code of yours here, but `raise NotImplementedError()` still stands below it and stops the cell "
            "there. Delete that line."
        ), hides=EVERY_CHECK),
        Misconception("name-replaced", check, (
            "`{name}` stands for something else by now, of type {now}: a later line has taken the name. Give that "
            "thing another name, then run this exercise's cell again."
        ), hides=EVERY_CHECK),
        Misconception("no-super-init", check, (
            "PyTorch could not register a layer: `super().__init__()` has to run first in your class's `__init__`."
        ), hides=EVERY_CHECK),
        Misconception("module-called-with-tensor", check, (
            "A class such as `nn.ReLU` or `nn.MSELoss` was called with the data itself. Its constructor takes options; "
            "make the object first, then call that, or use the function of the same name. {line}"
        ), hides=EVERY_CHECK),
        Misconception("module-not-called", check, (
            "A layer, model or loss stands where its result belongs: it has to be called with the data. {line}"
        ), hides=EVERY_CHECK),
        Misconception("power-operator", check, (
            "`^` is no power in Python: it compares bits. A power is written with `**`. {line}"
        ), hides=EVERY_CHECK),
        Misconception("numpy-on-tensor", check, (
            "NumPy's functions stop at a tensor that gradients flow through. Torch has its own of the same name. {line}"
        ), hides=EVERY_CHECK),
        Misconception("value-called", check, (
            "{message}: it is a value, no function. Leave the brackets out, or is a `*` missing before them? {line}"
        ), hides=EVERY_CHECK),
        Misconception("no-self", check, (
            "`forward` has no `self`: the first argument of a method is the object that it belongs to."
        ), hides=EVERY_CHECK),
        Misconception("misspelt-name", check, (
            "{message}. Is a name misspelt, or defined under another one? {line}"
        ), hides=EVERY_CHECK),
        Misconception("used-before-set", check, (
            "{message}. It is read before a line has given it a value; is that line missing, or further down? {line}"
        ), hides=EVERY_CHECK),
        Misconception("cuda-hard-coded", check, (
            "Your code asks for a CUDA device by name, and this machine has none. Let the `device` of the first cell "
            "or the input's own device decide. {line}"
        ), hides=EVERY_CHECK),
        Misconception("device-mismatch", check, (
            "Two tensors lie on different devices. New tensors are made on the CPU unless you say otherwise. {line}"
        ), hides=EVERY_CHECK),
        Misconception("shape-mismatch", check, "Two sizes do not fit together: {message}. {line}", hides=EVERY_CHECK),
        Misconception("no-forward", check, (
            "The class has no `forward` method. Is its name spelt exactly so?"
        ), hides=EVERY_CHECK),
        Misconception("constructor-arguments", check, (
            "The class could not be built with the latent size as its one argument: {message}."
        ), hides=EVERY_CHECK),
        Misconception("no-return", check, (
            "Your code returned nothing (`None`). Does it end in a `return`?"
        ), hides=EVERY_CHECK),
        Misconception("unfinished", check, (
            "Some parts are written, but one is still to do. {line}"
        ), hides=EVERY_CHECK),
        Misconception("missing-module", check, (
            "The grader does not have the module that your code imports ({message}). A person will look at this."
        ), kind=Kind.DOUBT, hides=EVERY_CHECK),
        Misconception("cell-stopped", check, (
            "The cell stopped before it had defined everything: {error}. {line}"
        ), hides=EVERY_CHECK),
        Misconception("too-slow", check, (
            "Your code did not finish in the time that it has ({message}). Does a loop never end, or run over all the "
            "data?"
        ), hides=EVERY_CHECK),
        Misconception("process-ended", check, (
            "The process that ran your code ended in the middle of it: {message}. Does your code exit, or use far more "
            "memory than its tensors need?"
        ), hides=EVERY_CHECK),
        Misconception("no-observation", check, (
            "What your code left behind could not be looked at: {message}."
        ), hides=EVERY_CHECK),
        Misconception("raised", check, "Your code raised {error}. {line}", hides=EVERY_CHECK),
        Misconception("not-a-tensor", check, (
            "Your code returned a {returned}; a tensor is needed here."
        ), hides=EVERY_CHECK),
    )  # fmt: skip
