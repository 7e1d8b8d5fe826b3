"""Whose submission it is: from what a command was pointed at to one notebook for each student.

- `find`: each student's notebook, or why there is none
- `level`: where in a folder the students begin; `platforms`: what the names of a platform's download say
- `contents`: what one student has handed in; `archives`: zip files, unpacked within bounds
- `choice`: which of several notebooks counts
- `places`: a file, and where it lies for whoever reads about it
- `result_names`: a file's name for any student's name
"""
