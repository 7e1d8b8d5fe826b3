"""Answers put to the proof.

``catalogue`` reads those written by hand, ``composed`` composes right ones of interchangeable parts, ``composed_wrong``
wrong ones, and ``mutation`` makes mutants of the solution. ``trials`` judges many at once, each as ``judging`` does,
and ``outcomes`` says what came of them.
"""
