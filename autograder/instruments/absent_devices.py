"""Running on the device that there is what a notebook would run on another by default."""

from typing import Any

import torch


def keep_default_device() -> None:
    """From now on, have torch pass over a default device that this machine has not.

    Every later tensor would raise otherwise, also those that have nothing to do with it; results are the same on the
    device that there is. A device that is asked for by name in a call is another thing: that call raises.
    """
    original = torch.set_default_device

    def where_there_is_one(device: Any) -> None:
        kind = "cpu" if device is None else torch.device(device).type
        if kind not in ("cuda", "mps") or (kind == "cuda" and torch.cuda.is_available()):
            original(device)

    torch.set_default_device = where_there_is_one
