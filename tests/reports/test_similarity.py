"""Who has code alike: copies stand out from what is usual, and what is usual is said."""

from collections.abc import Mapping
from html import unescape

import pytest
from hostile import SHOWN
from results_folder import COURSE

from autograder.reports.similarity import FEWEST_STUDENTS, own_tokens, similarity
from autograder.reports.similarity_page import similarity_page

STUB = COURSE.release.stub("encoder")


def own(number: int) -> str:
    """An encoder in words that nobody else has, but for what everybody writes."""
    lines = (f"        layer_{number}_{n} = torch.relu(self.first_{number}_{n}(x))" for n in range(4))
    return "\n".join([STUB, *lines, "        return self.linear2(F.relu(self.linear1(torch.flatten(x, start_dim=1))))"])


def class_of(number: int) -> dict[str, Mapping[str, str]]:
    return {f"s{n:02}": {"encoder": own(n)} for n in range(number)}


def test_a_copy_is_the_first_pair_whatever_its_comments_and_blanks_and_the_background_tells_it_from_the_others() -> (
    None
):
    copied = (
        own(3).replace("torch.relu", "torch . relu").replace("\n        layer", "\n\n        # mine\n        layer")
    )
    found = similarity(COURSE, {**class_of(20), "copy": {"encoder": copied}})
    first = found.pairs[0]
    assert {first.first, first.second} == {"copy", "s03"}
    [cell] = first.cells
    assert (cell.likeness, cell.as_alike, cell.pairs) == (1.0, 1, 210)
    [background] = found.backgrounds
    assert (background.students, background.pairs, background.same) == (21, 210, 1)
    assert background.quantiles[2] < 1.0
    assert background.curve[0] == 1.0
    assert background.curve[-1] == pytest.approx(1 / 210)


def test_where_all_have_the_same_no_pair_is_shown() -> None:
    found = similarity(COURSE, {f"s{n}": {"encoder": own(1)} for n in range(12)})
    assert found.pairs == ()
    assert found.backgrounds[0].same == 66
    assert "Pairs to look at" not in similarity_page(COURSE, found, {})


def test_what_was_handed_out_counts_for_nothing() -> None:
    assert own_tokens(f"{STUB}\n# a comment", COURSE.release.given_lines) == ()
    assert own_tokens(f"{STUB}\nx = y+1  # one", COURSE.release.given_lines) == ("x", "=", "y", "+", "1")
    assert similarity(COURSE, {f"s{n}": {"encoder": STUB} for n in range(12)}).backgrounds == ()


def test_of_a_few_students_nothing_is_said() -> None:
    found = similarity(COURSE, class_of(FEWEST_STUDENTS - 1))
    assert (found.backgrounds, found.pairs) == ((), ())
    assert "Too few to say" in similarity_page(COURSE, found, class_of(FEWEST_STUDENTS - 1))


def test_two_cells_that_are_rare_together_come_before_one_and_pairs_like_all_others_are_none() -> None:
    both = {name: {**cells, "train": own(50 + n)} for n, (name, cells) in enumerate(class_of(20).items())}
    both["one"] = {"encoder": own(5), "train": own(98)}
    both["two"] = {"encoder": own(7), "train": both["s07"]["train"]}
    found = similarity(COURSE, both)
    assert [{one.first, one.second} for one in found.pairs] == [{"two", "s07"}, {"one", "s05"}]


def test_the_page_shows_both_texts_marks_what_both_have_accuses_nobody_and_runs_nothing_of_theirs() -> None:
    evil = SHOWN["error"]
    cells = {**class_of(12), evil: {"encoder": f"{own(4)}\n# {evil}"}}
    html = similarity_page(COURSE, similarity(COURSE, cells), cells)
    assert html.count("<script") == 0
    assert "says nothing about how it came to be" in " ".join(html.split())
    assert 'class="l about"' in html
    assert "layer_4_2" in unescape(html)
