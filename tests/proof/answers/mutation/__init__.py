"""Mistakes made by machine: ``operators`` change one thing of a text, ``mutants`` tries each on the solution's cells,
``equivalents`` reads which of them are no mistakes, and why.
"""
