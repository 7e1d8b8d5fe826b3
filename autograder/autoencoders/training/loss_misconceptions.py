"""Misconceptions about what a training function's loss is: another one than the summed squared error."""

from dataclasses import dataclass

from autograder.course.exercise import Kind, Misconception


@dataclass(frozen=True)
class OfError:
    """What goes with a wrong kind of error.

    Attributes:
        check: key of the check that carries it.
        hint: which of the exercise's hints speaks of it.
        most: the points of that check.
        silent: key of the check that carries a loss without a gradient.
        hides: checks that cannot be looked at then.
        silence_hides: checks that cannot be looked at where no gradient arrives at all.
    """

    check: str
    hint: int
    most: float
    silent: str
    hides: tuple[str, ...] = ()
    silence_hides: tuple[str, ...] = ()


def of_losses(error: OfError) -> tuple[Misconception, ...]:
    """The misconceptions about the kind of loss; ``error`` is what goes with a wrong one."""
    carries, error_hint, error_hides = error.check, error.hint, error.hides
    half, three_quarters = min(0.5, error.most), min(0.75, error.most)
    return (
        Misconception("squared-sum", carries, (
            "Differences are added up first and squared then, so they cancel. Square each one, then add."
        ), (
            "(Σ(x̂ − x))² in place of Σ(x̂ − x)²: the two operations are in the wrong order. It is 0 as soon as the "
            "total brightness is right, whatever the picture; its gradient is the same number for all pixels."
        ), hint=error_hint, hides=error_hides, title="Summed first, squared then"),
        Misconception("cross-entropy", carries, (
            "This is a binary cross-entropy. The exercise asks for the squared error between `x` and `x_hat`."
        ), (
            "The loss is −Σ[x log x̂ + (1 − x) log(1 − x̂)]. It is least at x̂ = x as well, and is used for binarised "
            "MNIST, but its gradient is (x̂ − x)/(x̂(1 − x̂)) where the squared error's is 2(x̂ − x); the balance with "
            "the KL term is another one."
        ), cost=half, hint=error_hint, title="Binary cross-entropy"),
        Misconception("cross-entropy-of-logits", carries, (
            "This is a cross-entropy with a sigmoid inside. The decoder has its sigmoid already, and the exercise asks "
            "for the squared error."
        ), (
            "The loss applies a sigmoid to x̂, which has been through one already: the pixel compared is sigmoid(x̂), "
            "between ½ and 0.731. Black and white cannot be reached."
        ), hint=error_hint, hides=error_hides, title="Cross-entropy with a sigmoid inside"),
        Misconception("absolute", carries, (
            "This is an absolute error. The exercise asks for the squared one."
        ), (
            "The loss is Σ|x̂ − x|, whose gradient is ±1 however small the error is. It is least at the median and not "
            "at the mean, and it favours plain black backgrounds."
        ), cost=three_quarters, hint=error_hint, title="Absolute error"),
        Misconception("smooth-absolute", carries, (
            "This is a smooth L1 or Huber loss: the square of small differences only, and an absolute error beyond. "
            "The exercise asks for the squared one."
        ), (
            "`F.smooth_l1_loss` or `F.huber_loss` with a `beta` or `delta` below 1: the gradient grows with the "
            "difference up to that bound and is the same from there on. Large errors count less than they should."
        ), cost=three_quarters, hint=error_hint, title="Smooth L1 or Huber loss"),
        Misconception("not-squared", carries, (
            "Each pixel's error depends on its difference alone, but not as a square does. The exercise asks for the "
            "squared difference."
        ), (
            "The gradient at each pixel is some function of its difference x̂ − x that never falls, and not 2(x̂ − x): "
            "a log-cosh, another power than 2, √((x̂ − x)² + ε), or a sum of a squared and an absolute error. By which "
            "number it is divided cannot be told."
        ), cost=three_quarters, hint=error_hint, hides=error_hides, title="Another function than the square"),
        Misconception("signed", carries, (
            "The differences are added up with their signs, so they cancel. Each one has to be squared first."
        ), (
            "The loss is Σ(x̂ − x) without a square (or with the sign turned). It has no minimum at x̂ = x: its "
            "gradient is the same number everywhere, and training drives all pixels to black or all to white."
        ), hint=error_hint, hides=error_hides, title="Differences that cancel"),
        Misconception("fourth-power", carries, (
            "The differences are raised to the fourth power; square them once."
        ), (
            "The loss is Σ(x̂ − x)⁴, a square applied twice. Small errors count next to nothing: an error of 0.1 "
            "weighs 0.0001."
        ), cost=three_quarters, hint=error_hint, title="Fourth power"),
        Misconception("broadcast", carries, (
            "Every image is compared with every other one of the batch, and not only with its own reconstruction. "
            "Are `x` and `x_hat` of one shape where they meet, and what does the function make of it?"
        ), (
            "`x` and `x_hat` have different shapes, such as (B, 1, 784) and (B, 784), and their difference has shape "
            "(B, B, 784), or `torch.cdist` pairs them. The loss ΣᵢΣⱼ‖x̂ᵢ − xⱼ‖² is least when every reconstruction is "
            "the batch's mean image. No error is raised."
        ), hint=error_hint, hides=error_hides, title="Every image compared with every other"),
        Misconception("root", carries, (
            "The loss holds the root of a summed squared error. The exercise asks for the sum itself."
        ), (
            "The loss is √Σ(x̂ − x)², the norm and not its square. Its gradient is the right one divided by twice the "
            "norm, so the direction of each step is right, but batches with a small error weigh more, and the balance "
            "with a KL term changes."
        ), cost=half, hint=error_hint, title="Root of the summed error"),
        Misconception("root-mean", carries, (
            "The loss is the root of the mean squared error. The exercise asks for the plain sum of squares."
        ), (
            "The loss is the root of the mean squared error. It is least in the same place, but its gradient is scaled "
            "by a factor that changes with the error."
        ), cost=half, hint=error_hint, title="Root of the mean error"),
        Misconception("logarithm", carries, (
            "The loss is the logarithm of a summed or averaged squared error. The exercise asks for the sum itself."
        ), (
            "log Σ(x̂ − x)², as in a PSNR: its gradient is the right one divided by the error itself, so batches with a "
            "small error weigh more, and the balance with a KL term changes as training goes on."
        ), cost=half, hint=error_hint, title="Logarithm of the error"),
        Misconception("one-side-squared", carries, (
            "Your error squares the reconstruction by itself, and not its difference to `x`. What do the brackets "
            "have to hold?"
        ), (
            "`x - x_hat ** 2`: without brackets around the difference, only x̂ is squared. The loss is least at white "
            "or at black pixels, whatever the image."
        ), hint=error_hint, hides=error_hides, title="Only one side squared"),
        Misconception("pixels-weighted", carries, (
            "Each difference is squared, but the pixels do not count alike: some have {ratio:.3g} times the weight of "
            "others. The exercise asks for the plain sum."
        ), (
            "The loss is Σ w(x̂ − x)², with a weight w that depends on the pixel's place or on its brightness. It is "
            "least at x̂ = x as well, but not every pixel is learned as quickly, and the balance with a KL term is "
            "another one in each image."
        ), cost=half, hint=error_hint, hides=error_hides, title="Squares with weights"),
        Misconception("errors-added", carries, (
            "Your loss is the sum of a squared error and a binary cross-entropy. The exercise asks for the squared "
            "error alone."
        ), (
            "The gradient is a(x̂ − x) + b(x̂ − x)/(x̂(1 − x̂)) with both factors above 0: two errors of one thing were "
            "added. Both are least at x̂ = x, but the cross-entropy weighs pixels near black and white far more."
        ), cost=half, hint=error_hint, title="Squared error and cross-entropy added"),
        Misconception("another-error", carries, (
            "Every pixel is drawn towards `x`, but by another force than that of a squared difference. The exercise "
            "asks for that one."
        ), (
            "The gradient at each pixel has the sign of x̂ − x, so the loss may be least at x̂ = x, but it is no "
            "multiple of x̂ − x: a Poisson likelihood, logarithms before the difference, a relative error, a norm "
            "for each row, or a sum of two other errors."
        ), cost=three_quarters, hint=error_hint, hides=error_hides, title="Another error than the squared one"),
        Misconception("another-loss", carries, (
            "This looks like {what}, and not like a squared error between `x` and `x_hat`, as the exercise asks for."
        ), (
            "The gradient is that of a product of both pictures, a cosine similarity or another measure of pictures "
            "as wholes (SSIM, Dice, a correlation), of a softmax over the pixels, a second sigmoid, or a likelihood of "
            "counts. Such a loss is not least at x̂ = x, or not there alone."
        ), hint=error_hint, hides=error_hides, title="Loss of another kind"),
        Misconception("unknown-loss", carries, (
            "The gradient at the reconstruction is not that of a squared error against `x`, nor of a loss known here. "
            "A person will look at this."
        ), (
            "The gradient that arrives at x̂ is a multiple of none of the known losses' gradients. It may be a sum of "
            "several losses, or one that weights pixels: a person has to read it."
        ), kind=Kind.REVIEW, hint=error_hint, hides=error_hides, title="Loss not recognised"),
    )  # fmt: skip
