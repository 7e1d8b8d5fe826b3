"""Students of one name: what each of them is called, so that all have a result and none takes another's place."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.submissions.finding.level import Part
from autograder.submissions.finding.places import as_text, is_folder

Key = tuple[Path, str]
Groups = dict[Key, list[Part]]


@dataclass(frozen=True)
class Named:
    """What a student is called.

    Attributes:
        name: the student's name in results.
        namesakes: where others lie that would be called the same, and may be the same student's.
    """

    name: str
    namesakes: tuple[str, ...] = ()


def names_of(groups: Mapping[Key, Sequence[Part]]) -> Mapping[Key, Named]:
    """Each student's name, and of those that several would have what tells them apart.

    That is a platform's number, as `Ada (12)`; in one folder what the file is called, as `ada.ipynb` beside the
    folder `ada`; in several folders which of them, as `ada (monday)`.
    """
    names = {key: parts[0].student for key, parts in groups.items()}
    namesakes: dict[Key, tuple[str, ...]] = defaultdict(tuple)
    for same in _alike(names):
        for key in same:
            if told := groups[key][0].told:
                names[key] = f"{names[key]} ({told.number})"
    for same in _alike(names):
        where = _told_apart([root for root, _ in same])
        for key in same:
            others = [one for one in same if one != key]
            namesakes[key] = tuple(sorted(_place(one, where[one[0]]) for one in others))
            first = groups[key][0].place
            if any(root == key[0] for root, _ in others) and not is_folder(first.path):
                names[key] = as_text(first.source.name)
            if where[key[0]]:
                names[key] = f"{names[key]} ({where[key[0]]})"
    return {key: Named(name, namesakes[key]) for key, name in names.items()}


def _alike(names: Mapping[Key, str]) -> list[list[Key]]:
    """The groups of students who are called the same."""
    by_name: dict[str, list[Key]] = defaultdict(list)
    for key, name in names.items():
        by_name[name].append(key)
    return [keys for keys in by_name.values() if len(keys) > 1]


def _told_apart(roots: Sequence[Path]) -> Mapping[Path, str]:
    """What tells folders apart, by the folder: where each lies below what they have in common."""
    if len(set(roots)) == 1:
        return dict.fromkeys(roots, "")
    common = os.path.commonpath(roots)
    return {root: as_text(root.relative_to(common).as_posix()) if str(root) != common else root.name for root in roots}


def _place(key: Key, where: str) -> str:
    return "/".join(filter(None, (where, as_text(key[1]))))
