"""Everything that reads bytes of a student's or a worker's is given bytes that nobody meant.

- `targets`: a function for each reader, from bytes to nothing; it fails where the reader raises what it should not
- `observations`: what a worker may send, near what an honest one sends, for the judges
- `budget`: what reading may cost
- `test_readers`, `test_judges`: short runs with hypothesis, the same ones every time
- ``python -m fuzz``: as long as wanted, guided by coverage
"""
