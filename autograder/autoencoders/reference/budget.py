"""What a search may cost, counted and not timed: the same submission ends in the same verdict on any machine."""

from autograder.course.draws import Float64Array

# A third of a second, roughly; a right answer costs a tenth of it.
_MULTIPLICATIONS = 250_000_000
# What is no product takes as long as that many multiplications: to hold a candidate's numbers against what was seen,
# and to find one more way to read the parameters.
_COMPARISON, _READING = 30_000, 20_000
# So many rows go through a matrix in the time that it takes to fetch the matrix.
_ROWS_AT_ONCE = 8


class OverBudget(Exception):
    """The search has cost what it may; what has not been tried by then stays unknown."""


class Budget:
    """The multiplications that a judge may still spend on what was seen in one or more runs.

    Attributes:
        is_spent: whether a search was ended by it.
    """

    def __init__(self, runs: int = 1) -> None:
        self._left = runs * _MULTIPLICATIONS
        self.is_spent = False

    def spend(self, multiplications: int) -> None:
        """Take from what is left.

        Raises:
            OverBudget: that is not enough.
        """
        self._left -= multiplications
        self.is_spent |= self._left < 0
        if self.is_spent:
            raise OverBudget

    def spend_on_product(self, rows: int, matrix: Float64Array) -> None:
        """Take what it costs to send so many rows through a matrix.

        Raises:
            OverBudget: that is not enough.
        """
        self.spend(matrix.size * (1 + rows // _ROWS_AT_ONCE))

    def spend_on_comparisons(self, count: int) -> None:
        """Take what it costs to hold so many arrays of numbers against what was seen.

        Raises:
            OverBudget: that is not enough.
        """
        self.spend(count * _COMPARISON)

    def spend_on_reading(self) -> None:
        """Take what it costs to find one way to read parameters as a layer.

        Raises:
            OverBudget: that is not enough.
        """
        self.spend(_READING)
