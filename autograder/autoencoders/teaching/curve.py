"""A curve of the loss that grows while a network trains."""

import math
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import numpy as np
import torch
from IPython import get_ipython
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from autograder.autoencoders.teaching.pictures import picture
from autograder.errors import TrainingStopped

_SECONDS_BETWEEN = 0.5
_SHARE = 1 / 5  # of the time goes into drawing at most: where a picture takes long, fewer are drawn
_BLUE, _ORANGE = "#0072B2", "#D55E00"  # distinct for all kinds of colour vision


class LossCurve:
    """The batches of ``data``, drawing how well ``model`` does on them while somebody trains it.

    ``with LossCurve(autoencoder, data) as batches: train(autoencoder, batches)``. What is drawn is measured here, from
    the images that the decoder gives back: the squared error per image of each batch, and for a VAE the KL divergence
    per image, whatever loss it is trained with. One picture is shown and then replaced in its place, so that a notebook
    executed without a front end holds the last one only; at the end both are printed, epoch by epoch. Outside Jupyter
    nothing is shown.

    Args:
        model: a network with an ``encoder`` and a ``decoder``.
        data: batches of images and labels.

    Raises:
        TrainingStopped: the training was interrupted.
    """

    def __init__(self, model: nn.Module, data: Any) -> None:
        self.model, self.data = model, data
        self.errors: list[float] = []
        self.divergences: list[float] = []
        self._sizes: list[int] = []
        self._images: Tensor | None = None
        self._next_drawing = 0.0
        self._display: Any = None

    def __enter__(self) -> Self:
        decoder: Any = self.model.decoder
        self._hook = decoder.register_forward_hook(self._measure)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hook.remove()
        if self.errors:
            self._draw()
        if isinstance(error, KeyboardInterrupt):
            raise TrainingStopped(
                f"you have interrupted the training after {len(self.errors)} of the batches. The network keeps what it "
                "has learned so far; run this cell again to start anew."
            ) from None
        if self.errors and error is None and get_ipython() is not None:
            print(*self.by_epoch(), sep="\n")  # noqa: T201 - measured here, whatever the student's own loop prints

    def __iter__(self) -> Iterator[Any]:
        for batch in self.data:
            self._images = batch[0]
            yield batch
            if time.monotonic() > self._next_drawing and self.errors:
                self._draw()

    def __len__(self) -> int:
        return len(self.data)

    def __getattr__(self, name: str) -> Any:
        if name == "data":  # not yet set, as while being copied
            raise AttributeError(name)
        return getattr(self.data, name)

    def description(self) -> str:
        """The picture in words."""
        if not self.errors:
            return "Loss curve without any points."
        first, last = _in_words(self.errors[0], 0), _in_words(self.errors[-1], 0)
        said = f"Loss curve: the squared error per image goes from {first} to {last}"
        if self.divergences:
            first, last = _in_words(self.divergences[0], 1), _in_words(self.divergences[-1], 1)
            said += f", the KL divergence per image from {first} to {last}"
        return f"{said} over {len(self.errors)} batch{'' if len(self.errors) == 1 else 'es'}."

    def by_epoch(self) -> list[str]:
        """A line for each of what is measured: the mean over the images of each epoch."""
        measured = {"Squared error": self.errors, "KL divergence": self.divergences}
        return [
            f"{name} per image, epoch by epoch: {', '.join(f'{mean:.2f}' for mean in self._means(values))}"
            for name, values in measured.items()
            if values
        ]

    def _means(self, values: list[float]) -> Iterator[float]:
        for begin in range(0, len(values), len(self.data)):
            batches = slice(begin, begin + len(self.data))
            yield float(np.average(values[batches], weights=self._sizes[: len(values)][batches]))

    @torch.no_grad()
    def _measure(self, _decoder: nn.Module, _inputs: Any, images: Any) -> None:
        x, self._images = self._images, None  # once a batch, however often the loss calls the decoder
        if x is None or not isinstance(images, Tensor) or images.numel() != x.numel():
            return
        difference = images.detach().reshape(len(x), -1).cpu() - x.reshape(len(x), -1).cpu()
        self._sizes.append(len(x))
        self.errors.append(difference.square().sum().item() / len(x))
        divergence = getattr(self.model.encoder, "kl", None)
        if isinstance(divergence, Tensor):
            self.divergences.append(divergence.detach().sum().item() / len(x))

    def _draw(self) -> None:
        if get_ipython() is None:
            return
        began = time.monotonic()
        content, metadata = picture(self.figure(), self.description(), dpi=100)
        if self._display is None:
            self._display = display(content, metadata=metadata, raw=True, display_id=True)
        else:
            self._display.update(content, metadata=metadata, raw=True)
        ended = time.monotonic()
        self._next_drawing = ended + max(_SECONDS_BETWEEN, (ended - began) * (1 / _SHARE - 1))

    def figure(self) -> Figure:
        """The picture so far."""
        both = bool(self.divergences)
        figure = Figure(figsize=(8, 2.6), layout="constrained")
        axes = figure.subplots(1, 1 + both, squeeze=False)[0]
        # The first errors are far above all others; a KL divergence has its peak where there is something to see.
        self._line(axes[0], self.errors, _BLUE, "squared error per image", shown=0.99)
        if both:
            self._line(axes[1], self.divergences, _ORANGE, "KL divergence per image", shown=1.0)
        return figure

    def _line(self, axes: Axes, values: list[float], color: str, title: str, shown: float) -> None:
        per_epoch = len(self.data)
        epochs = (np.arange(len(values)) + 1) / per_epoch
        axes.plot(epochs, values, color=color, linewidth=1)
        axes.set_title(f"{title}, latest batch: {_in_words(values[-1], 1)}", fontsize=10)
        axes.set_xlabel("epochs")
        axes.set_xlim(0, max(1.0, float(np.ceil(epochs[-1]))))
        finite = [value for value in values if math.isfinite(value)] or [0.0]
        low, high = (1.05 * float(np.quantile(finite, share)) for share in (1 - shown, shown))
        axes.set_ylim(min(0.0, low), max(0.0, high) + 1e-9)
        axes.grid(alpha=0.3)


def _in_words(value: float, digits: int) -> str:
    return "not a number" if math.isnan(value) else f"{value:.{digits}f}"
