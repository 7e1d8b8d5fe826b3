"""Which exercises a notebook asks for, and for how many points."""

import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.cells import CodeCell
from autograder.notebook.asked import asked_in

EVERY = {one.key: one.max_points for one in AUTOENCODERS.exercises}


@pytest.mark.parametrize(
    ("sources", "told", "expected"),
    [
        ([], {}, EVERY),
        ([], {"kl": 4.0}, EVERY | {"kl": 4.0}),
        (["x = 1"], {}, EVERY),
        (['check("encoder")', "check('kl', points=4)"], {}, {"encoder": 2.0, "kl": 4.0}),
        (['check("kl", points=0.5)'], {"kl": 4.0}, {"kl": 0.5}),
        (['check("kl", seed=7)', 'check( "kl" , points = 3 )'], {}, {"kl": 3.0}),
        (['check("nothing")'], {}, EVERY),
        (['check("kl")', 'check("encoder", points=1)'], {}, {"encoder": 1.0, "kl": 2.0}),
    ],
)
def test_what_a_notebooks_checks_ask_for(
    sources: list[str], told: dict[str, float], expected: dict[str, float]
) -> None:
    found = asked_in(AUTOENCODERS, [CodeCell(source) for source in sources], told)
    assert dict(found) == expected
    assert list(found) == [key for key in AUTOENCODERS.keys if key in expected]


def test_an_answer_whose_check_got_lost_is_asked_for() -> None:
    cells = [CodeCell('check("encoder")'), CodeCell("", "encoder"), CodeCell("", "train")]
    assert set(asked_in(AUTOENCODERS, cells, {})) == {"encoder", "train"}
    one_of_two = [CodeCell('check("variational_encoder")'), CodeCell("", "variational_encoder")]
    assert set(asked_in(AUTOENCODERS, one_of_two, {})) == {"variational_encoder"}
