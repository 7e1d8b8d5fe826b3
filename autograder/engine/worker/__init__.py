"""The untrusted side: a process that runs student code and makes observations. It imports no judge.

- `zygote`: has everything imported, and forks a worker in milliseconds
- `worker`, `execute`: run cells and make observations
- `sandbox`: closing a worker in, before it is sent any student code
"""
