"""Steering the noise that student code draws, so that a random output becomes a function that can be judged."""

from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.instruments.other_draws import Draw, draw_at, steered_beside_torch, whole_number

_NORMAL, _UNIFORM = ("randn", "randn_like"), ("rand", "rand_like")
_NORMAL_AROUND, _UNIFORM_BETWEEN = ("normal", "normal_", "normal_functional"), ("uniform_", "uniform")
# What a dropout draws, to be divided by the probability of 1; and what asks for as many coins as there are numbers.
_COIN, _COINS = "bernoulli_", "bernoulli"
_WHOLE = ("randint", "randint_like", "random_", "random")
_DRAWS = frozenset((*_NORMAL, *_UNIFORM, *_NORMAL_AROUND, *_UNIFORM_BETWEEN, *_WHOLE, _COIN, _COINS))
# A loop that draws until it likes a number would never end; after so many draws they are torch's own.
_MOST_DRAWS = 2000


class SteeredNoise(TorchDispatchMode):
    """While active, every standard normal that torch draws is the constant ``level``.

    A normal draw with mean m and standard deviation s gives ``m + s * level``; a uniform draw from [a, b) gives the
    quantile ``a + (b - a) * Φ(level)``, so that noise made from uniform draws is steered along, and a whole number from
    a range is the one that as many others lie below. It works below autograd and thus for ``randn``, ``randn_like``,
    ``normal_``, ``torch.normal`` and ``torch.distributions`` alike, and for functions of NumPy and of Python's
    ``random`` where they are looked up while it is active.
    A coin that is tossed in place is its probability, so that a dropout leaves everything as it is.

    Args:
        level: the constant.
        alternating: whether every second draw takes half the level with its sign turned, so that noise made of several
            draws moves otherwise, be they added or subtracted.

    Attributes:
        tossed: whether a coin was.
        masks: whether a mask may have been made: of that coin, or of a uniform draw.
    """

    def __init__(self, level: float, alternating: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._told = (draw_at(level), draw_at(-0.5 * level if alternating else level))
        self._draws = 0
        self._beside_torch = steered_beside_torch(self._next_draw)
        self.tossed = False
        self.masks = False

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Nothing is compiled here, and guarding against it costs as much as the steering itself.
        return False

    def __enter__(self) -> "SteeredNoise":
        self._beside_torch.__enter__()
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)  # type: ignore[no-untyped-call]
        self._beside_torch.__exit__(None, None, None)

    def _next_draw(self) -> Draw | None:
        """``None`` after so many that they are left to chance."""
        if self._draws >= _MOST_DRAWS:
            return None
        self._draws += 1
        return self._told[(self._draws - 1) % 2]

    def _coins(self, result: Any, _args: Any) -> Any:
        return result

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        packet = _packet(func)
        if packet not in _DRAWS:
            return result
        if packet == _COIN:
            self.tossed = self.masks = True
            chance = args[1] if len(args) > 1 else kwargs.get("p", 0.5)
            return result.fill_(chance) if isinstance(chance, float) else result.copy_(chance)
        if packet == _COINS:
            return self._coins(result, args)
        told = self._next_draw()
        if told is None:
            return result
        if packet in _NORMAL:
            return result.fill_(told.level)
        if packet in _NORMAL_AROUND:
            return _normal_around(result, args, kwargs, told.level, in_place=packet != "normal")
        self.masks |= packet in (*_UNIFORM, *_UNIFORM_BETWEEN)
        if packet in _UNIFORM:
            return result.fill_(told.share)
        if packet in _WHOLE:
            return _whole(result, args, told.share)
        low, high = _pair(args[1:], kwargs, ("from", "to"), (0.0, 1.0))
        return result.fill_(low + (high - low) * told.share)


class MaskedNoise(SteeredNoise):
    """While active, normal draws are steered, and every other draw is at one end of its range, at all levels.

    A mask made of uniform draws or of coins, as a dropout's is, keeps everything at one end and nothing at the other.

    Args:
        level: what normal draws are.
        share: what a uniform draw between 0 and 1 is; coins are 1 where that is more than a half, else 0.
        alternating: as in ``SteeredNoise``, for normal draws.
    """

    def __init__(self, level: float, share: float, alternating: bool = False) -> None:
        super().__init__(level, alternating)
        self._share = share
        self._told = (replace(self._told[0], share=share), replace(self._told[1], share=share))

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = super().__torch_dispatch__(func, types, args, kwargs)
        packet = _packet(func)
        return result.fill_(round(self._share)) if packet in (_COIN, _COINS) else result


class SteeredCoins(SteeredNoise):
    """The same as ``SteeredNoise``, but that every coin is its probability, tossed in place or not."""

    def _coins(self, result: Any, args: Any) -> Any:
        return result.copy_(args[0]) if len(args) == 1 else result


class NoNoise(SteeredCoins):
    """While active, every draw is its mean, and every coin its probability."""

    def __init__(self) -> None:
        super().__init__(0.0)


class LowestNoise(NoNoise):
    """The same, but that every uniform draw is the lower end of its range.

    Noise of ``rand`` that is added to something is 0 then, as that of ``rand - 0.5`` is where draws are their means.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told = (Draw(0.0, 0.0), Draw(0.0, 0.0))


@cache
def _packet(func: Any) -> str:
    """The operation's name, whatever its overload."""
    return str(func.overloadpacket._qualified_op_name).removeprefix("aten::")


def _pair(args: Any, kwargs: Any, names: tuple[str, str], defaults: tuple[float, float]) -> tuple[Any, Any]:
    first = args[0] if args else kwargs.get(names[0], defaults[0])
    second = args[1] if len(args) > 1 else kwargs.get(names[1], defaults[1])
    return first, second


def _whole(result: Any, args: Any, share: float) -> Any:
    """The whole number as many others of the range lie below; left to chance where the range is not told."""
    told = [one for one in args if isinstance(one, int)]
    if not told:
        return result
    low, high = told[:2] if len(told) > 1 else (0, told[0])
    return result.fill_(whole_number(low, high, share))


def _normal_around(result: Any, args: Any, kwargs: Any, level: float, in_place: bool) -> Any:
    mean, deviation = _pair(args[1:] if in_place else args, kwargs, ("mean", "std"), (0.0, 1.0))
    with torch.no_grad():
        return result.copy_(torch.as_tensor(mean + level * deviation, dtype=result.dtype, device=result.device))
