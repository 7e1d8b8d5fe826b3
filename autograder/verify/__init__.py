"""The course proves itself: what must hold of the grader, tried out on the grader.

``catalogue`` reads the attacks, ``course`` lays out what they are after, ``lane`` runs them one by one between honest
neighbours on one zygote while ``watch`` and ``canaries`` look on, and ``outcome`` says what came of each.
"""
