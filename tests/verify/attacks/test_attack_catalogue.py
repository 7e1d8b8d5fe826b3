"""The catalogue of attacks is data that can be used, and covers what a grader has to withstand."""

from collections import Counter
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.verify.attacks.catalogue import FOLDER, Attack, read_attacks, wrong_answers
from autograder.verify.checkout import checkout

ATTACKS = read_attacks(checkout())
THEMES = {
    "patched functions",
    "kernel and displays",
    "frames and objects of the worker",
    "reading what is hidden",
    "writing outside",
    "processes and signals",
    "memory, time and crashes",
    "sockets",
    "forged frames",
    "values that pass for others",
    "answers that know they are looked at",
    "what people read",
    "the notebook's file",
    "those who come after",
}


def test_every_theme_is_covered() -> None:
    counts = Counter(attack.theme for attack in ATTACKS)
    assert set(counts) == THEMES
    assert min(counts.values()) >= 4
    assert len(ATTACKS) >= 45


def test_no_two_attacks_are_called_alike() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_says_what_it_tries_and_how(attack: Attack) -> None:
    assert attack.tries.startswith("to ")
    assert attack.source or attack.edit
    assert attack.base in ("stub", "wrong", "right")
    assert attack.base != "right" or attack.may_earn or attack.theme == "values that pass for others"
    compile(attack.edit, attack.name, "exec")


def test_wrong_answers_compile() -> None:
    for name, source in wrong_answers(checkout()).items():
        compile(source, name, "exec")


def written(root: Path, text: str) -> Path:
    (folder := root / FOLDER).mkdir(parents=True)
    (folder / "theme.toml").write_text(text, encoding="utf-8")
    return root


ONE = '[[attack]]\nname = "one"\ntries = "to win"\nsource = "pass"\n'


def test_file_gives_its_attacks_theme_prelude_and_defaults(tmp_path: Path) -> None:
    text = f'theme = "all"\nprelude = "import os\\n"\n[defaults]\nbase = "wrong"\n{ONE}'
    [attack] = read_attacks(written(tmp_path, text))
    assert attack == Attack("one", "to win", "all", "import os\npass", base="wrong")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'theme = "all"\n{ONE}{ONE}', "two attacks are called 'one'"),
        (ONE, "no theme of attacks"),
        (f'theme = "all"\n{ONE}may_earn = "much"', "may_earn"),
        ("theme = ", "cannot be read"),
    ],
)
def test_catalogue_that_cannot_be_used_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_attacks(written(tmp_path, text))


def test_gaps_are_filled_and_unknown_ones_refused() -> None:
    attack = Attack("one", "to win", source="open('<<salt>>')", edit="'<<course>>'")
    filled = attack.filled({"salt": "/a", "course": "/b"})
    assert (filled.source, filled.edit) == ("open('/a')", "'/b'")
    with pytest.raises(KeyError):
        attack.filled({"salt": "/a"})
