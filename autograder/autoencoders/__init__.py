"""The course "Building Autoencoders with PyTorch": all that knows what an encoder is.

- `course`: names its exercises and files; found through the entry point ``autograder.courses``
- `exercises`: a folder for each, with its probe, ``observe`` (beside student code), ``judge`` and misconceptions
- `networks`, `training`: what several exercises share
- `reference`: what right and wrong answers give, in NumPy
- `stand_ins`: models and data in place of the notebook's own while student code is tried
- `probe_data`: the images and weights that probes are made of
- `teaching`, `digits`: what the notebook's given cells count on
"""
