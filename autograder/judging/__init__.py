"""What judges are made of: NumPy in float64, no torch, and no student code near.

- `explain`: which of several hypotheses gives what was seen
- `closeness`: when two arrays count as the same
- `verdicts`: from what a judge found to checks with points
- `failures`: what is said where student code stopped
- `grading`: one exercise observed and judged, and looked at a second time before points are lost
"""
