"""Reading a class's files: notebooks found, read, and laid into the one that was handed out.

- `finding/`: which files are whose, and which of them counts
- `class_list`: an instructor's list of the class, laid beside what was handed in
- `submission`: one notebook as what is run of it, or why it cannot be read
- `notebook_file`: a file as a notebook, in whatever encoding and format; `other_files`: what it is instead
- `pictures_left_out`: a notebook's text without what its cells have shown
- `merge`: a student's cells in the release's places
- `helper_files`: what was handed in beside a notebook
- `flags`: why a person should look at a submission
- `syntax`: a cell's text as Python's tree
- `reset`: an exercise's cell as it was handed out
"""
