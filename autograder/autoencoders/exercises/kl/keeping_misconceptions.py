"""Misconceptions about where the divergence is kept: in ``kl``, anew after each call, as a number."""

from autograder.course.exercise import EVERY_CHECK, Kind, Misconception

KEEPING = (
    Misconception("never-stored", "value", (
        "After `forward`, `kl` still holds {got}. The divergence has to be stored in `self.kl`."
    ), (
        "The divergence is computed into a local variable, or not at all; `self.kl` keeps the 0 of the "
        "constructor. The VAE's training then adds 0 to its loss, without an error."
    ), hint=3, hides=EVERY_CHECK, title="KL never stored"),
    Misconception("kept-in-a-variable", "value", (
        "The divergence stands in the variable `{name}`, and the object's `kl` holds nothing of it. What keeps a value "
        "in the object? (The rest was judged as if it were kept.)"
    ), (
        "`self.` is forgotten: the divergence is computed into a local variable and `self.kl` keeps the 0 of the "
        "constructor. Nothing stops; the VAE's training adds 0 to its loss."
    ), cost=0.25, hint=3, title="KL left in a local variable"),
    Misconception("kept-under-another-name", "value", (
        "The divergence is stored in {where}; the cells below ask the object for `kl`, which still holds nothing of "
        "it. (The rest was judged as if it were there.)"
    ), (
        "Another attribute than `kl` holds the divergence, or the class does and not the object, whose own `kl` comes "
        "first. The VAE's training adds the 0 of the constructor to its loss."
    ), cost=0.25, hint=3, title="KL stored under another name"),
    Misconception("returned-in-place", "value", (
        "The divergence is handed back by `forward` and not stored in `self.kl`, where the cells below look for it. "
        "The first half is about what `forward` hands back; the divergence itself was judged."
    ), (
        "`forward` returns (z, KL), as many published implementations do. The notebook's training takes the term from "
        "`encoder.kl`, which stays at the 0 of the constructor. The first half is charged for the other interface."
    ), kind=Kind.NOTE, hint=3, title="KL returned in place of stored"),
    Misconception("thrown-away", "value", (
        "The divergence is computed, but its value goes nowhere: `self.kl` is not set. What stores a value? (The rest "
        "was judged as if it were stored.)"
    ), (
        "The formula stands alone in its line, is printed, or is compared by `==`. `self.kl` keeps the 0 of the "
        "constructor, and the VAE's training adds 0 to its loss."
    ), cost=0.5, hint=3, title="KL computed and not stored"),
    Misconception("after-return", "value", (
        "The line that sets `kl` comes after `return`, so that it is never run. (The rest was judged as if it came "
        "before.)"
    ), (
        "`return` ends the method. Lines after it are never run, and Python says nothing about that."
    ), cost=0.5, hint=3, title="KL set after the return"),
    Misconception("only-in-evaluation", "value", (
        "`kl` is set in evaluation mode only. It is in training that the loss needs it. (The rest was judged as if it "
        "were set there.)"
    ), (
        "The condition on `self.training` is turned round. In training `kl` keeps the 0 of the constructor."
    ), cost=0.5, hint=3, title="KL set in evaluation mode only"),
    Misconception("in-a-container", "value", (
        "`kl` holds a {got} with the divergence in it. Adding that to the loss stops: the number itself is needed. "
        "Is a comma or a bracket too many? (The rest was judged with what is in it.)"
    ), (
        "A comma at the end of the line makes a tuple, brackets or `append` a list. `loss + encoder.kl` then raises a "
        "TypeError in the VAE's training. Of a list that grows, the last was judged."
    ), cost=0.25, hint=3, title="KL in a list or tuple"),
    Misconception("a-function", "value", (
        "`kl` is a function of yours, which has to be called; the cells below take `kl` itself for the number. (The "
        "rest was judged with what it gives.)"
    ), (
        "A method is called `kl`, or a lambda is stored in it. `loss + encoder.kl` then raises a TypeError in the "
        "VAE's training. A property would be right."
    ), cost=0.25, hint=3, title="KL that has to be called"),
    Misconception("accumulates", "value", (
        "`kl` grows with every call: the same batch gives {first:.4g}, then {later:.4g}. It has to be set anew "
        "each time, not added to."
    ), (
        "`self.kl += …` adds to the value of the call before. The value grows from batch to batch, and in training "
        "the graph of the step before is used again, which raises an error or slows everything down."
    ), cost=0.5, hint=3, title="KL that grows with every call"),
    Misconception("changes-between-calls", "value", (
        "One and the same batch gives the `kl` {first:.4g} and then {later:.4g}. It should follow from this "
        "batch's μ and σ alone. A person will look at this."
    ), (
        "`kl` depends on something beside the batch: on values of calls before, such as a running mean, or on "
        "random numbers other than the noise in z, such as dropout. What it would be without that is not known."
    ), cost=0.5, kind=Kind.REVIEW, hint=3, hides=("reduction", "gradient"),
        title="KL that changes from call to call",
    ),
)  # fmt: skip
