"""A divergence that is made and not kept in ``kl``: the class is tried again as if it were, so as to be judged."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from types import CodeType, FrameType
from typing import Any

import torch
from torch import Tensor, nn

from autograder.autoencoders.exercises.kl.probe import LATENT_DIMS, Observation, Unkept, Where
from autograder.autoencoders.networks.observe import build, on_images
from autograder.autoencoders.rewriting.definitions import Edit, Place, Rewriting, rewritten
from autograder.autoencoders.rewriting.edits import keeping
from autograder.course.observation import Failure
from autograder.instruments.calling import LONGEST_NAME, Workspace

_KEPT = "kl"
# What is tried at most: each is an observation of its own.
_MOST = 6


@dataclass(frozen=True)
class _Returned:
    """What a method of the student's had when it came to its end."""

    code: CodeType
    variables: Mapping[str, Any]
    names: Mapping[str, Any]
    value: Any


def observe_kept(workspace: Workspace, images: Tensor, observe: Callable[[], Observation]) -> Observation | None:
    """What is seen of the class where what it has made is kept in ``kl``; ``None`` where it has made nothing."""
    for unkept, code, edit in islice(_candidates(workspace, images), _MOST):
        place = Place(code.co_filename, code.co_firstlineno, workspace.names)
        with rewritten([(place, Rewriting(edit))], workspace.names) as is_there:
            if is_there and not (seen := observe()).keeps_nothing:
                return replace(seen, unkept=unkept)
    return None


def _candidates(workspace: Workspace, images: Tensor) -> Iterator[tuple[Unkept, CodeType, Edit]]:
    """Where the divergence may be, the likeliest first, with the method that makes it and how it would be kept."""
    factory = workspace.find("VariationalEncoder", "variational_encoder")
    module = build(workspace, factory, LATENT_DIMS[0])
    if isinstance(module, Failure):
        return
    encode = on_images(workspace, module, images)
    with torch.no_grad(), _returns(workspace.names) as returned:
        workspace.attempt(lambda: encode(images))
    methods = [one for one in returned if one.code.co_argcount and one.variables.get(_owner(one.code)) is module]
    for is_likely, is_wanted in ((True, _is_named), (False, _is_one_number)):
        for one in reversed(methods):
            for where, name, expression in _places(module, one, is_wanted):
                edit = keeping.kept_at_the_end(one.code.co_name, _KEPT, expression)
                is_returned = where == "variable" and _is_part(one.variables.get(name), one.value)
                yield Unkept("returned" if is_returned else where, name[:LONGEST_NAME], is_likely), one.code, edit
    for one in methods:
        yield from _ways_out(one)


def _ways_out(one: _Returned) -> Iterator[tuple[Unkept, CodeType, Edit]]:
    method = one.code.co_name
    if isinstance(one.value, (tuple, list)):
        for place, part in enumerate(one.value[1:], start=1):
            if _is_one_number("", part):
                edit = keeping.part_kept(method, _KEPT, place)
                yield Unkept("returned", is_likely=False), one.code, edit
    yield Unkept("thrown away", is_likely=False), one.code, keeping.thrown_away_kept(method, _KEPT)
    yield Unkept("after return"), one.code, keeping.return_moved_down(method)
    yield Unkept("in evaluation"), one.code, keeping.as_evaluated(method)


def _places(
    module: nn.Module, one: _Returned, is_wanted: Callable[[str, Any], bool]
) -> Iterator[tuple[Where, str, str]]:
    """Variables, attributes and globals that may hold it, those that are one number first, and then the last set."""
    owner = _owner(one.code)
    own = {name: value for name, value in vars(module).items() if name in one.code.co_names and name != _KEPT}
    of_class = {name: value for name, value in vars(type(module)).items() if name in one.code.co_names}
    asked = {name: one.names[name] for name in one.code.co_names if name in one.names}
    places: tuple[tuple[Where, str, Mapping[str, Any]], ...] = (
        ("variable", "{name}", {name: value for name, value in one.variables.items() if name != owner}),
        ("attribute", owner + ".{name}", own),
        ("class", f"type({owner}).{{name}}", of_class),
        ("variable", "{name}", asked),
    )
    for where, path, held in places:
        found = [name for name, value in held.items() if isinstance(value, Tensor) and is_wanted(name, value)]
        numbers = [name for name in found if _is_one_number(name, held[name])]
        for name in (*reversed(numbers), *(one for one in reversed(found) if one not in numbers)):
            yield where, name, path.format(name=name)


def _is_named(name: str, _value: Any) -> bool:
    spelt = name.lower().replace("_", "")
    return _KEPT in spelt or "diverg" in spelt


def _is_one_number(_name: str, value: Any) -> bool:
    return isinstance(value, Tensor) and value.numel() == 1 and value.is_floating_point()


def _is_part(value: Any, returned: Any) -> bool:
    """Whether a value is handed back beside the latents."""
    return isinstance(returned, (tuple, list)) and any(part is value for part in returned[1:])


def _owner(code: CodeType) -> str:
    return code.co_varnames[0]


@contextmanager
def _returns(names: Mapping[str, Any]) -> Iterator[list[_Returned]]:
    """What the student's methods had at their ends, in order, of those that end inside."""
    returned: list[_Returned] = []

    def note(frame: FrameType, event: str, value: Any) -> None:
        if event == "return" and frame.f_globals is names:
            with suppress(Exception):
                returned.append(_Returned(frame.f_code, dict(frame.f_locals), names, value))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield returned
    finally:
        sys.setprofile(before)
