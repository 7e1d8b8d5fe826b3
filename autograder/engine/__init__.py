"""Running student code away from the judge: a worker process that observes, and the grader that talks to it.

The grader's side imports neither torch nor student code:

    batch, cluster      many submissions, on this machine or on a Dask cluster
    grader, session     one submission: its conversation with as many workers as it takes
    fleet               where workers come from: a zygote each job (``forked``), or a new process each (``fresh``)
    channel, messages   one worker: questions, answers, deadlines
    wire                frames of bounded size
    identity, options   what makes two gradings the same, and how submissions are graded

``worker`` is the other side, which imports no judge.
"""
