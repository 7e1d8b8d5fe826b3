"""Mistakes of Python and PyTorch that any exercise may hold, and how code stops that has them."""

from autograder.course.exercise import EVERY_CHECK, Kind, Misconception
from autograder.course.notebook_mistakes import notebook_mistakes
from autograder.course.value_mistakes import value_mistakes


def python_mistakes(check: str, networks: str) -> tuple[Misconception, ...]:
    """The misconceptions that every exercise shares.

    Args:
        check: key of the check that carries them, the exercise's first.
        networks: a pattern for the class names of the course's own networks.
    """
    layers = rf"Linear|Sequential|ModuleList|\w*Loss|{networks}"
    return (
        *notebook_mistakes(check),
        Misconception("self-forgotten", check, (
            "`{culprit}` belongs to the object, and what belongs to it has `self.` before its name, where it is made "
            "and where it is used. {line}"
        ), (
            "`self.` is missing, in `__init__` or in `forward`: the commonest slip of all. A name without it is a "
            "variable of the one function and gone when that ends; with it, it is kept in the object."
        ), hides=EVERY_CHECK, title="`self.` forgotten"),
        Misconception("argument-not-kept", check, (
            "`{culprit}` is an argument of `__init__` and gone when that ends: what `forward` needs later has to be "
            "kept in the object, as `self.` and a name. {line}"
        ), (
            "`forward` uses an argument of the constructor that was not kept as an attribute."
        ), hides=EVERY_CHECK, title="Argument of `__init__` not kept"),
        Misconception("stray-comma", check, (
            "`{culprit}` is a tuple that holds one thing: a comma stands behind it where it is set. {line}"
        ), (
            "`self.layer = …,`: the comma makes a tuple of one element. Python complains only where that is called "
            "or handed on, so the line it names is another one."
        ), hides=EVERY_CHECK, title="Stray comma makes a tuple"),
        Misconception("class-called", check, (
            "`{culprit}` is a class: called with data, it tries to build a new network of that size. The network that "
            "is there already, an object, has to be called. {line}"
        ), (
            "`x_hat = Autoencoder(x)` in place of `autoencoder(x)`: the class is called, with images for its size. "
            "The error comes from a line of the class, in another cell."
        ), hides=EVERY_CHECK, title="Class called in place of the object"),
        Misconception("forward-inside", check, (
            "`forward` stands inside `__init__`, so the class has none: its `def` is indented too far. Methods of a "
            "class begin in the same column."
        ), (
            "`def forward` is indented as far as the lines of `__init__`, so it is a local function that is forgotten "
            "when the constructor ends."
        ), hides=EVERY_CHECK, title="`forward` indented into `__init__`"),
        Misconception("forward-outside", check, (
            "`forward` stands outside the class, as a function of its own: its `def` is not indented as far as that "
            "of `__init__`. Methods of a class begin in the same column."
        ), (
            "`def forward` begins in the first column, so it is a function of the notebook and no method of the class."
        ), hides=EVERY_CHECK, title="`forward` outside the class"),
        Misconception("forward-misspelt", check, (
            "The class has no method `forward`, but one that is called `{culprit}`. PyTorch looks for `forward`, "
            "letter by letter."
        ), (
            "The method's name is misspelt. `nn.Module` calls `forward` and nothing else."
        ), hides=EVERY_CHECK, title="`forward` misspelt"),
        Misconception("init-misspelt", check, (
            "The class has no constructor: its method is called `{culprit}`. Python looks for `__init__`, with two "
            "underscores before and behind."
        ), (
            "`_init_`, `__int__` or the like: Python does not know it for a constructor, so that the class takes no "
            "latent size and makes no layers."
        ), hides=EVERY_CHECK, title="`__init__` misspelt"),
        Misconception("init-outside", check, (
            "`__init__` stands outside the class: its `def` has to be indented below the `class` line, as every "
            "method."
        ), (
            "The methods are not indented, so they are functions of the notebook, and the class is empty."
        ), hides=EVERY_CHECK, title="`__init__` outside the class"),
        Misconception("no-super-init", check, (
            "PyTorch could not register a layer: `super().__init__()`, with both pairs of brackets, has to run "
            "first in your class's `__init__`."
        ), (
            "`nn.Module.__init__` makes the dictionaries in which layers are registered; assigning a layer before it "
            "has run raises an AttributeError."
        ), hides=EVERY_CHECK, raised=(
            ("AttributeError", r"before Module\.__init__\(\) call"),
        ), title="`super().__init__()` missing or late"),
        Misconception("super-init-misspelt", check, (
            "This line does not build the `nn.Module`: {why}. Both pairs of brackets, the last one empty? All "
            "underscores? No class but `{culprit}`? {line}"
        ), (
            "`super(Encoder, self)` in a class of another name, copied from there; `super().init()`; "
            "`super().__init__(latent_dims)`, though the size is for this class's own layers; `super(…).forward()`."
        ), hides=EVERY_CHECK, title="`super().__init__()` misspelt"),
        Misconception("list-of-layers", check, (
            "`nn.Sequential` takes its layers one after the other, not in a list. {line}"
        ), (
            "`nn.Sequential([layer, layer])`: each argument has to be a layer, and a list is none. `nn.ModuleList` is "
            "the one that takes a list; it calls nothing by itself."
        ), hides=EVERY_CHECK, raised=(("TypeError", r"^list is not a Module subclass"),), title="Layers in a list"),
        Misconception("power-operator", check, (
            "`^` is no power in Python: it compares bits. A power is written with `**`. {line}"
        ), (
            "`x ^ 2` is a bitwise exclusive or, which torch has for integers only. Students who come from mathematics "
            "or from MATLAB write it for a power."
        ), hides=EVERY_CHECK, raised=(("NotImplementedError|TypeError", r"bitwise_xor|for \^"),),
            title="`^` in place of `**`",
        ),
        Misconception("module-not-called", check, (
            "A layer, model or loss is used here in place of what it gives: it has to be called with the data. {line}"
        ), (
            "`x_hat = autoencoder` or `loss = nn.MSELoss()`: the module itself is used where a tensor belongs. A "
            "module computes only when it is called with its input."
        ), hides=EVERY_CHECK, raised=(
            ("TypeError", rf"must be Tensor, not ({layers})$"),
            ("TypeError", rf"^unsupported operand.*'({layers})'"),
            ("AttributeError", r"'\w*Loss' object has no attribute"),
        ), title="Layer used without calling it"),
        Misconception("module-called-with-tensor", check, (
            "A class such as `nn.ReLU` or `nn.MSELoss` was called with the data itself. Its constructor takes options; "
            "make the object first, then call that, or use the function of the same name. {line}"
        ), (
            "`nn.ReLU(x)` builds a layer and takes x for its option `inplace`; what comes back is a module, not a "
            "tensor. The student takes the class `nn.ReLU` for the function `F.relu`: the class has to be built once, "
            "and that object called."
        ), hides=EVERY_CHECK, raised=(
            ("TypeError", r"must be Tensor, not (ReLU|Sigmoid|Flatten|Tanh|Softmax)"),
            ("TypeError", r"(Sigmoid|Tanh|Flatten)\.__init__\(\) takes"),
            ("AttributeError", r"'(ReLU|Sigmoid|Linear|Flatten)' object has no attribute '(view|reshape|shape|exp)'"),
            ("TypeError", r"^unsupported operand.*'(ReLU|Sigmoid)'"),
        ), title="Layer's class called with the data"),
        *value_mistakes(check),
        Misconception("numpy-on-tensor", check, (
            "NumPy's functions stop at a tensor that gradients flow through. Torch has its own of the same name. "
            "{line}"
        ), (
            "`np.exp(h)` or `np.log(sigma)` on a tensor would leave autograd's graph, so torch refuses to hand out the "
            "numbers of a tensor that wants a gradient. Without gradients, as in a quick try, the same line works."
        ), hides=EVERY_CHECK, raised=(
            ("RuntimeError", r"Can't call numpy\(\) on Tensor that requires grad"),
            ("TypeError", r"got an unexpected keyword argument 'axis'"),
        ), title="NumPy's function on a tensor with gradients"),
        Misconception("no-self", check, (
            "`forward` has no `self`: the first argument of a method is the object that it belongs to."
        ), (
            "`def forward(x)`: Python passes the object as the first argument, so the call has one argument more than "
            "the method takes."
        ), hides=EVERY_CHECK, raised=(("TypeError", r"forward\(\) takes 1 positional argument but 2"),),
            title="`forward` without `self`",
        ),
        Misconception("no-forward", check, (
            "The class has no `forward` method. Is its name spelt exactly so?"
        ), (
            "The class defines no `forward` (or one that is misspelt or indented into `__init__`), so `nn.Module` "
            "raises when the object is called."
        ), hides=EVERY_CHECK, raised=(("NotImplementedError", r'missing the required "forward"'),),
            title="No `forward`",
        ),
        Misconception("no-return", check, (
            "Your code returned nothing (`None`). Does it end in a `return`?"
        ), (
            "A Python function without `return` gives `None`. What was computed before it may be right, but it is "
            "lost."
        ), hides=EVERY_CHECK, raised=(("NothingReturned", ""),), title="No `return`"),
        Misconception("not-a-tensor", check, (
            "Your code returned a {returned}; {needed} is needed here."
        ), (
            "The code returned something else than a tensor, such as a list, a NumPy array, a layer or a number, or a "
            "complex, sparse or far too large one. What follows in the notebook calls methods of a plain tensor on it."
        ), hides=EVERY_CHECK, title="Something else than a tensor returned"),
        Misconception("cuda-hard-coded", check, (
            "Your code asks for a CUDA device by name, and this machine has none. Let the `device` of the first cell "
            "or the input's own device decide. {line}"
        ), (
            "`.cuda()` or `device=\"cuda\"` runs on the student's machine and fails where there is no GPU. The idea "
            "may be right; it is the place of the data that is written into the code."
        ), hides=EVERY_CHECK, raised=(
            (r".*", r"not compiled with CUDA|no NVIDIA driver|No CUDA GPUs|not linked with CUDA"),
        ), title="CUDA asked for by name"),
        Misconception("device-mismatch", check, (
            "Two tensors lie on different devices. New tensors are made on the CPU unless you say otherwise. {line}"
        ), (
            "A tensor made within the code (noise, zeros, a constant) lies on the CPU while the input lies on the GPU. "
            "It works as long as both are the CPU, so it is often seen first on another machine."
        ), hides=EVERY_CHECK, raised=(("RuntimeError", r"Expected all tensors to be on the same device"),),
            title="Tensors on different devices",
        ),
        Misconception("missing-module", check, (
            "Your code imports a module that is not there where it is graded ({message}). If it runs for you and you "
            "need it, leave it: your teacher sees it. Else do without."
        ), (
            "The notebook imports a package or a file that the grader does not have. That says nothing about the "
            "answer, so a person has to look."
        ), kind=Kind.REVIEW, hides=EVERY_CHECK, raised=((r"ModuleNotFoundError|ImportError", r""),),
            title="Module that is not there",
        ),
        Misconception("used-before-set", check, (
            "{message}. It is read before a line has given it a value; is that line missing, or further down? {line}"
        ), (
            "An UnboundLocalError: the function assigns the variable somewhere, so Python takes it for a local one "
            "everywhere in the function, but the line that reads it runs first. Often the line that should set it was "
            "deleted or stands too low."
        ), hides=EVERY_CHECK, raised=(("UnboundLocalError", r""),), title="Variable read before it is set"),
        Misconception("misspelt-name", check, (
            "{message}. Is a name misspelt, or defined under another one? {line}"
        ), (
            "A NameError or AttributeError: a name is used that was never bound, often because it is spelt in two ways "
            "in `__init__` and `forward`, or because a cell with helpers was deleted."
        ), hides=EVERY_CHECK, raised=(
            ("NameError", r""),
            ("AttributeError", r"has no attribute"),
        ), title="Name that is not defined"),
        Misconception("dtype-mismatch", check, (
            "Numbers of different kinds (`dtype`) meet: {message}. Layers work with float32. {line}"
        ), (
            "A tensor of whole numbers, or of double precision, meets a layer's float32 weights: labels in place of "
            "images, a `.long()`, or an array of NumPy, which computes in float64."
        ), hides=EVERY_CHECK, raised=(
            ("RuntimeError", r"same dtype|expected scalar type|expected m1 and m2 to have"),
        ), title="Numbers of different types meet"),
        Misconception("shape-mismatch", check, (
            "Two sizes do not fit together: {message}.{sizes} {line}"
        ), (
            "Two tensors meet whose sizes do not fit: layers in the wrong order, a forgotten flatten, or a reshape "
            "that asks for another number of elements. The message of PyTorch, with both shapes, is quoted to the "
            "student."
        ), hides=EVERY_CHECK, raised=(
            ("RuntimeError|ValueError", r"shapes cannot be multiplied|mat1 and mat2|must match"),
            ("RuntimeError|ValueError", r"invalid for input of size"),
        ), title="Sizes that do not fit together"),
        Misconception("cell-stopped", check, (
            "The cell stopped before it had defined everything: {error}. {line}"
        ), (
            "The cell raised while it was run from top to bottom, before it had bound the name that the exercise asks "
            "for. Later lines of the cell, such as a trial call, cost nothing once the name is there."
        ), hides=EVERY_CHECK, title="Cell stopped before its end"),
        Misconception("too-slow", check, (
            "Your code did not finish in the time that it has ({message}). Does a loop never end, or run over all the "
            "data?"
        ), (
            "The code ran into its time limit. Most often the loop does not end, or it walks through the whole data "
            "set where it is given a few batches."
        ), hides=EVERY_CHECK, title="Not finished in time"),
        Misconception("process-ended", check, (
            "The process that ran your code ended in the middle of it: {message}. Does your code exit, or use far more "
            "memory than its tensors need?"
        ), (
            "The process died: a call of `exit`, a crash in compiled code, or more memory than is allowed, as from a "
            "tensor with a dimension too many."
        ), hides=EVERY_CHECK, title="Process ended in the middle"),
        Misconception("no-observation", check, (
            "What your code does here could not be judged: what came back from running it is incomplete or does not "
            "fit together. Restart, run all cells and check again. If it stays so, leave it: your teacher sees it."
        ), (
            "What came back from the student's process is not what the grader's own code sends from there: a run or a "
            "call of the probe is missing or was made twice, a part has another shape or type, or nothing could be "
            "read at all. Nothing that is missing counts as passed. Look for code that changes modules of the grader, "
            "of torch or of NumPy, in any cell."
        ), kind=Kind.REVIEW, hides=EVERY_CHECK, title="Nothing came back that could be judged"),
        Misconception("undecided", check, (
            "What your code gave could not be judged within the time and memory that the grader has for it. Is it much "
            "larger or slower than the task needs? If it has to be, leave it: your teacher sees it."
        ), (
            "Judging ran out of its limits: the answer is far larger than one needs to be, or so unlike every known "
            "form that nothing was found in time. That says nothing about whether it is right."
        ), kind=Kind.REVIEW, hides=EVERY_CHECK, title="Not judged within the limits"),
        Misconception("raised", check, (
            "Your code raised {error}. {line}"
        ), (
            "An exception that no other key names. The student is shown its message and the line."
        ), hides=EVERY_CHECK, title="Stopped with an error"),
    )  # fmt: skip
