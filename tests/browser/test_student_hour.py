"""The student's hour, seen in JupyterLab."""

import pytest
from hour import CHECKS, SLIPS, TOO_EARLY

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("key", CHECKS)
def test_an_exercise_is_at_first_not_attempted_yet(walk, key):
    assert "not attempted yet" in walk.untouched[key].text.lower()
    assert walk.untouched[key].error is None


@pytest.mark.parametrize("cell", TOO_EARLY)
def test_a_cell_run_too_early_stops_with_one_line_that_names_what_to_run(walk, cell):
    said = walk.too_early[cell].text.strip()
    assert (
        f"Run the cell of {TOO_EARLY[cell]} first" in said or f"cell under “{TOO_EARLY[cell]}”: run that first" in said
    )
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.key)
def test_a_mistake_is_named_then_mended(walk, slip):
    assert slip.named in walk.slips[slip.key].text
    assert "✗ not yet" in walk.slips[slip.key].text or "◐ partly" in walk.slips[slip.key].text
    mended = walk.mended[slip.key].text
    assert "✓ right" in mended
    assert "✗" not in mended
    assert "◐" not in mended


def test_a_card_says_that_the_saved_cell_is_not_the_one_that_was_run(walk):
    assert "✓ right" in walk.edited.text
    assert "The cell has another text now than when it was run." in walk.edited.text


@pytest.mark.parametrize("key", CHECKS)
def test_each_hint_opens_one_more(walk, key):
    shown = [hints.text for hints in walk.hints[key]]
    assert ["1 of 3" in shown[0], "2 of 3" in shown[1], "3 of 3" in shown[2]] == [True] * 3
    assert [len(text) for text in shown] == sorted(len(text) for text in shown)


def test_a_drill_opens_and_tells_the_right_option(walk):
    *tried, shown = [drill.text for drill in walk.drill]
    assert "Answer with its letter" in shown
    assert [line[:2] for line in shown.splitlines() if line[1:2] == ")"] == ["a)", "b)", "c)", "d)"]
    assert sum("✓ that is it" in text for text in tried) == 1
    assert sum("✗ not this" in text for text in tried) == len(tried) - 1


def test_progress_is_told_half_way(walk):
    assert "6 of 15 points" in walk.half_way.text


def test_everything_runs_after_a_restart_and_earns_all_points(walk):
    assert {cell: seen.error for cell, seen in walk.after_restart.items() if seen.error} == {}
    assert "15 of 15 points" in walk.after_restart["progress"].text


def test_no_warning_is_printed_anywhere(walk):
    seen = {**walk.too_early, **walk.given, **walk.after_restart}
    assert {cell: outputs.warned for cell, outputs in seen.items() if outputs.warned} == {}


@pytest.mark.parametrize("cell", ["run-training", "before-after", "run-vae-training", "two-latent-spaces", "two-walks"])
def test_a_cell_that_draws_shows_a_picture(walk, cell):
    assert walk.given[cell].pictures >= 1


def test_facts_are_there_for_a_question(walk):
    assert "Facts to go with a question" in walk.facts.text


def test_axe_finds_nothing(walk):
    assert [f"{v.picture}, {v.theme}: {v.rule}: {v.about}" for v in walk.violations] == []
