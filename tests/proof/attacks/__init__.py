"""Attacks put to the proof.

``catalogue`` reads them, ``course`` lays out what they are after, ``lane`` runs them one by one between honest
neighbours on one zygote while ``watch`` and ``canaries`` look on, ``outcome`` says what came of each, and ``run`` tries
them all.
"""
