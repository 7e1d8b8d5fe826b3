"""Showing results: texts that pages, cards and tables share, and the files that a class's results go to."""
