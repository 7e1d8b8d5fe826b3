"""Running student code away from the judge: a worker process that observes, and the grader that talks to it.

The grader's side imports neither torch nor student code:

    batch, cluster     many submissions, on this machine or on a Dask cluster
    grader, session    one submission: its conversation with as many workers as it takes
    fleet              where workers come from: a zygote each job (``forked``), or a new process each (``fresh``)
    channel, wire      one worker: questions, answers, deadlines; frames of bounded size

The worker's side imports no judge:

    zygote             has everything imported, and forks a worker in milliseconds
    worker, execute    runs cells and makes observations
    sandbox            closes the worker in before it is sent anything of a student's
"""
