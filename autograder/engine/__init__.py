"""Running student code away from the judge: a worker process that observes, and the grader that talks to it.

The grader's side (``grader``, ``session``, ``batch``, ``fresh``) imports neither torch nor student code. The worker's
side (``worker``, ``execute``, ``sandbox``) imports no judge.
"""
