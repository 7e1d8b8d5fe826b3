"""Exercise 1: doubling a tensor."""
