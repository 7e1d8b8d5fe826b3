"""The exercises: for each a folder with its probe, its misconceptions, ``observe`` and ``judge``.

``observe`` runs the student's code on a probe and is all that a worker imports; it needs torch. ``judge`` says what the
observation means; it is NumPy in float64 and is never imported where student code runs.
"""
