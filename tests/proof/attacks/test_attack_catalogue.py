"""The catalogue of attacks is data that can be used, and covers what a grader has to withstand."""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.engine.identity import SALT_FILE
from autograder.errors import UsageError
from proof.attacks.catalogue import FOLDER, NO_SANDBOX, Attack, read_attacks, wrong_answers
from proof.checkout import checkout

ATTACKS = read_attacks(checkout())
OLD = 166
THEMES = {
    "patched functions",
    "kernel and displays",
    "frames and objects of the worker",
    "reading what is hidden",
    "writing outside",
    "processes and signals",
    "calls of the kernel",
    "memory, time and crashes",
    "sockets",
    "forged frames",
    "values that pass for others",
    "answers that know they are looked at",
    "what people read",
    "the notebook's file",
    "those who come after",
    "tests beside the student's code",
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


def test_every_control_is_no_sandbox_or_a_test_that_there_is() -> None:
    for control in sorted({attack.control for attack in ATTACKS} - {"", NO_SANDBOX}):
        file, _, name = control.partition("::")
        function, _, case = name.removesuffix("]").partition("[")
        text = (checkout() / file).read_text(encoding="utf-8")
        defined = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
        assert function in {name for name in defined if name.startswith("test_")}, control
        assert re.search(rf"\b{re.escape(case)}\b", text), control


def test_no_attack_is_added_without_a_control() -> None:
    """The oldest have none, where they would harm the machine without a sandbox, or nobody has written one yet."""
    assert sum(not attack.control for attack in ATTACKS) <= OLD


def imported(tree: ast.AST) -> dict[str, Any]:
    """What a text imports of this package, by the names that it gets there."""
    names: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and "autograder" in ast.unparse(node):
            exec(compile(ast.Module([node], []), "<import>", "exec"), names)
    return names


def parsed(source: str) -> ast.AST:
    """A cell's text without its gaps; an empty one where it is no Python, as with magics."""
    try:
        return ast.parse(re.sub(r"<<\w+>>", "0", source))
    except SyntaxError:
        return ast.Module([], [])


def resolved(node: ast.AST, known: Mapping[str, Any]) -> Any:
    """What a dotted name stands for; ``None`` where it is none of these.

    Raises:
        AttributeError: there is no such thing.
    """
    match node:
        case ast.Name(name):
            return known.get(name)
        case ast.Attribute(value, attribute) if (owner := resolved(value, known)) is not None:
            return getattr(owner, attribute)
    return None


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_names_what_there_is_in_the_package(attack: Attack) -> None:
    tree = parsed(attack.source)
    known = imported(tree)
    for node in ast.walk(tree):
        resolved(node, known)
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and re.fullmatch(r"autograder(\.\w+)+", text) and text != SALT_FILE:
            assert find_spec(text) is not None
    for file in re.findall(r"<<package>>/([\w/]+\.py)\b", attack.source):
        assert (Path(autograder.__file__).parent / file).is_file()


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
