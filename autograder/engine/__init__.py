"""Running student code away from the judge: a worker process that observes, a judge process that judges.

The grader's own process stands between the two: it imports neither torch nor a judge, and reads nothing of what a
worker has sent once that has student code.

    batch, cluster      many submissions, on this machine or on a Dask cluster
    grader, session     one submission: its conversation with a judge and as many workers as it takes
    workers, time_left  the workers that it takes, and the time
    own_questions       an instructor's own tests, run with the cells around them
    any_notebook        notebooks of other assignments; notebook_run does what these two have in common
    fleet, pool         the processes of a run, kept for the next submission
    forked, fresh       where workers come from: a zygote each job, or a new process each
    channel, messages   one worker: questions, answers, how long to wait
    judge_process       one judge
    wire                frames of bounded size
    identity, options   what makes two gradings the same, and how submissions are graded
    levels, bubblewrap  what a sandbox must have, and what stands around a zygote
    interpreter         the Python that workers run in
    readable, scratch   what they may read, and where they may write

``worker`` is the other side for student code, which imports no judge; ``judge`` is the other side for what that gave.
"""
