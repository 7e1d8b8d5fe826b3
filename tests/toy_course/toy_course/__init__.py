"""A course of one small exercise, on which the grader itself is tested."""
