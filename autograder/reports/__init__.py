"""Showing what was found: result files, cards, tables, pages.

- `result`: the result of one submission, and its file
- `card`, `terminal_card`: one exercise as HTML, as plain text and for a terminal; `wording`: what these share
- `class_table`, `class_csv`: a class's results; `class_results` reads them back, `marks` are what students end with
- `misconceptions_page`: every misconception, for instructors
"""
