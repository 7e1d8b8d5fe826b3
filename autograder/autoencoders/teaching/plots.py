"""Latent spaces, new digits and walks of several networks side by side."""

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import torch
from IPython import get_ipython
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from matplotlib.patheffects import AbstractPathEffect, withStroke
from torch import Tensor, nn

from autograder.autoencoders.teaching.pictures import picture

Points = npt.NDArray[Any]

# Paul Tol's "muted" colours and black: distinct for all kinds of colour vision. The digits are written in as well.
COLORS = (
    *("#332288", "#88CCEE", "#44AA99", "#117733", "#999933"),
    *("#DDCC77", "#CC6677", "#882255", "#AA4499", "#000000"),
)
_MOST_PICTURES = 45


@torch.inference_mode()
def compare_latent_spaces(models: Mapping[str, nn.Module], data: Any, num_batches: int = 16) -> None:
    """Draw the latent spaces of several networks side by side, with some of the images where they are encoded.

    Args:
        models: the networks, by the title of their plot.
        data: batches of images and labels.
        num_batches: how many of them to encode.
    """
    x, y = _some(data, num_batches)
    figure, axes = _side_by_side(models)
    for ax, model in zip(axes, models.values(), strict=True):
        z = _encode(model, x)
        _scatter(ax, z, y)
        _draw_images(ax, z, x)
    _show(
        figure, f"Side by side: {' and '.join(models)}. Points coloured by digit, with small images drawn among them."
    )


@torch.inference_mode()
def compare_new_digits(models: Mapping[str, nn.Module], latent_dims: int = 2, n: int = 20) -> None:
    """Let several decoders draw the same latent vectors, drawn from the standard normal distribution.

    Args:
        models: the networks, by the title of their row.
        latent_dims: dimensions of the latent space.
        n: how many.
    """
    z = torch.randn(n, latent_dims)
    figure, axes = plt.subplots(len(models), 1, figsize=(10, 0.8 * len(models)), squeeze=False, layout="constrained")
    for ax, (title, model) in zip(axes[:, 0], models.items(), strict=True):
        decoder: Any = model.decoder
        images = decoder(z.to(_device(model))).reshape(n, 28, 28).cpu().numpy()
        ax.imshow(np.hstack(images), cmap="gray", vmin=0, vmax=1)
        ax.set_title(title, fontsize=9)
        ax.set_axis_off()
    _show(figure, f"Rows of {n} images decoded from the same random latent vectors: {', '.join(models)}.")


@torch.inference_mode()
def compare_walks(models: Mapping[str, nn.Module], x_1: Tensor, x_2: Tensor, data: Any, num_batches: int = 16) -> None:
    """Draw the straight line between the latent vectors of two images into the latent space of several networks.

    Args:
        models: the networks, by the title of their plot.
        x_1: where the line starts, a batch of one image.
        x_2: where it ends.
        data: batches of images and labels, for the points around it.
        num_batches: how many of them to encode.
    """
    x, y = _some(data, num_batches)
    figure, axes = _side_by_side(models)
    for ax, model in zip(axes, models.values(), strict=True):
        z = _encode(model, x)
        _scatter(ax, z, y)
        _write_digits(ax, z, y)
        ends = _encode(model, torch.cat([x_1, x_2]))
        ax.plot(*ends.T, color="black", linewidth=2.5, path_effects=[withStroke(linewidth=5, foreground="white")])
        for end, image, name in zip(ends, (x_1, x_2), ("start", "end"), strict=True):
            _picture(ax, end, image, zoom=1.1)
            ax.annotate(name, end, (0, -24), textcoords="offset points", ha="center", path_effects=_outline(3))
    _show(figure, f"Side by side: {' and '.join(models)}. A straight line through the points joins the two images.")


def _some(data: Iterable[Any], num_batches: int) -> tuple[Tensor, Points]:
    batches = list(islice(data, num_batches))
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches]).numpy()


def _device(model: nn.Module) -> torch.device:
    return next(model.parameters()).device


def _encode(model: nn.Module, x: Tensor) -> Points:
    encoder: Any = model.encoder
    z: Points = encoder(x.to(_device(model))).cpu().numpy()
    return z


def _outline(width: float) -> list[AbstractPathEffect]:
    return [withStroke(linewidth=width, foreground="white")]


def _side_by_side(titles: Collection[str]) -> tuple[Figure, list[Axes]]:
    """A figure with a place for each latent space."""
    figure, axes = plt.subplots(1, len(titles), figsize=(5.5 * len(titles), 5), squeeze=False, layout="constrained")
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set(title=title, xlabel="first latent dimension", ylabel="second latent dimension")
    return figure, list(axes[0])


def _scatter(ax: Axes, z: Points, y: Points) -> None:
    ax.scatter(z[:, 0], z[:, 1], c=[COLORS[digit] for digit in y], s=6, alpha=0.35, linewidths=0)


def _write_digits(ax: Axes, z: Points, y: Points) -> None:
    for digit in np.unique(y):
        across, up = (float(value) for value in np.median(z[y == digit], axis=0))
        text = ax.text(across, up, str(digit), color=COLORS[digit], fontsize=15, fontweight="bold", zorder=5)
        text.set_path_effects(_outline(3))


def _draw_images(ax: Axes, z: Points, x: Tensor) -> None:
    """Draw images where they are encoded, as many as fit without covering one another."""
    size = np.ptp(z, axis=0) + 1e-12
    chosen: list[int] = []
    for index in range(len(z)):
        if len(chosen) == _MOST_PICTURES:
            break
        if all(np.linalg.norm((z[index] - z[other]) / size) > 0.075 for other in chosen):
            chosen.append(index)
    for index in chosen:
        _picture(ax, z[index], x[index], zoom=0.6)


def _picture(ax: Axes, place: Points, image: Tensor, zoom: float) -> None:
    drawn = OffsetImage(image.reshape(28, 28).cpu().numpy(), zoom=zoom, cmap="gray_r")
    ax.add_artist(AnnotationBbox(drawn, (float(place[0]), float(place[1])), frameon=True, pad=0.05))


def _show(figure: Figure, description: str) -> None:
    if get_ipython() is None:
        plt.show()
        return
    content, metadata = picture(figure, description)
    plt.close(figure)
    display(content, metadata=metadata, raw=True)
