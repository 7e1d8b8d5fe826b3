"""Latent spaces, reconstructions, new digits and walks of several networks side by side."""

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

from autograder.autoencoders.teaching.digit_names import COLORS, write_digits
from autograder.autoencoders.teaching.pictures import picture
from autograder.autoencoders.teaching.plane import LatentPlane

Points = npt.NDArray[Any]

_MOST_PICTURES = 45
_IN_A_ROW = 10


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
        points = _draw_points(ax, LatentPlane(z), z, y)
        _draw_images(ax, points, x)
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
    rows = -(-n // _IN_A_ROW)
    figure, axes = plt.subplots(len(models), 1, figsize=(10, 0.3 + 1.3 * rows * len(models)), squeeze=False)
    for ax, (title, model) in zip(axes[:, 0], models.items(), strict=True):
        decoder: Any = model.decoder
        _draw_rows(ax, decoder(z.to(_device(model))), title)
    figure.set_layout_engine("constrained")
    _show(figure, f"{n} images decoded from the same random latent vectors by each of: {', '.join(models)}.")


@torch.inference_mode()
def compare_reconstructions(models: Mapping[str, nn.Module], data: Any) -> None:
    """Draw one image of each digit, and below it what each of several networks makes of it.

    Args:
        models: the networks, by the title of their row.
        data: batches of images and labels that the networks were not trained on.
    """
    x, y = _some(data, 16)
    x = torch.cat([x[y == digit][:1] for digit in np.unique(y)])
    rows = {"Images that were kept out of the training": x}
    rows |= {title: _reconstruct(model, x) for title, model in models.items()}
    figure, axes = plt.subplots(len(rows), 1, figsize=(10, 1.3 * len(rows)), squeeze=False, layout="constrained")
    for ax, (title, images) in zip(axes[:, 0], rows.items(), strict=True):
        _draw_rows(ax, images, title)
    _show(figure, f"Rows of {len(x)} images, one of each digit: {', '.join(rows)}.")


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
        plane = LatentPlane(z)
        write_digits(ax, _draw_points(ax, plane, z, y), y)
        ends = plane.project(_encode(model, torch.cat([x_1, x_2])))
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


def _reconstruct(model: nn.Module, x: Tensor) -> Tensor:
    images: Tensor = model(x.to(_device(model)))
    return images


def _outline(width: float) -> list[AbstractPathEffect]:
    return [withStroke(linewidth=width, foreground="white")]


def _side_by_side(titles: Collection[str]) -> tuple[Figure, list[Axes]]:
    """A figure with a place for each latent space."""
    figure, axes = plt.subplots(1, len(titles), figsize=(5.5 * len(titles), 5), squeeze=False, layout="constrained")
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set_title(title)
    return figure, list(axes[0])


def _draw_points(ax: Axes, plane: LatentPlane, z: Points, y: Points) -> Points:
    """Draw latent vectors into a plane; where they lie there."""
    points = plane.project(z)
    ax.scatter(points[:, 0], points[:, 1], c=[COLORS[digit] for digit in y], s=10, alpha=0.7, linewidths=0)
    ax.set(xlabel=plane.labels[0], ylabel=plane.labels[1])
    return points


def _draw_rows(ax: Axes, images: Tensor, title: str) -> None:
    """Draw images, so many in a row."""
    plain = images.reshape(-1, 28, 28).cpu().numpy()
    rows = [np.hstack(list(plain[at : at + _IN_A_ROW])) for at in range(0, len(plain), _IN_A_ROW)]
    if len(rows) > 1:
        rows[-1] = np.pad(rows[-1], ((0, 0), (0, rows[0].shape[1] - rows[-1].shape[1])))
    ax.imshow(np.vstack(rows), cmap="gray", vmin=0, vmax=1)
    ax.set_title(title, fontsize=11)
    ax.set_axis_off()


def _draw_images(ax: Axes, points: Points, x: Tensor) -> None:
    """Draw images at their points, as many as fit without covering one another."""
    size = np.ptp(points, axis=0) + 1e-12
    chosen: list[int] = []
    for index in range(len(points)):
        if len(chosen) == _MOST_PICTURES:
            break
        if all(np.linalg.norm((points[index] - points[other]) / size) > 0.075 for other in chosen):
            chosen.append(index)
    for index in chosen:
        _picture(ax, points[index], x[index], zoom=0.6)


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
