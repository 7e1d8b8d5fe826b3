"""What trying again may take: computing, not the time that a busy machine lets go by."""

from time import monotonic, process_time

import pytest

from autograder.autoencoders.rewriting.effort import Effort


@pytest.mark.parametrize(("computed", "went_by", "is_over"), [(0.0, 2.0, False), (0.0, 4.0, True), (1.5, 1.5, True)])
def test_a_second_of_computing_may_take_three(computed: float, went_by: float, is_over: bool) -> None:
    effort = Effort(1.0, process_time() - computed, monotonic() - went_by)
    assert effort.is_over is is_over
