"""What right and wrong answers would give, in NumPy and float64. The judge's side only: no torch, no student code."""
