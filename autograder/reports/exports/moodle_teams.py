"""Who of a worksheet is whose student, where Moodle has teams that hand in one notebook together.

A download may have one folder a team, `Team_7_assignsubmission_file`, whose number is the team's and no participant's;
the worksheet has a row for each member, with the team's name in it.
"""

from collections.abc import Sequence
from dataclasses import replace

from autograder.reports.class_results import ClassResults
from autograder.reports.exports.moodle_headings import column
from autograder.reports.exports.people import People, lay_beside
from autograder.reports.exports.table import Table
from autograder.submissions.class_list import Listed


def lay_worksheet_beside(
    table: Table, platform: Sequence[Listed], known: ClassResults, mapping: Sequence[Listed]
) -> People:
    """Match a worksheet's rows with students; what a team has handed in is each of its members'.

    Args:
        table: the worksheet.
        platform: its people, a row each.
        known: the class.
        mapping: a list that knows students by what they are called in results and by the platform's numbers.
    """
    team = column(table, "group")
    by_name = {one.student.casefold(): one for one in known.students if one.final.points is not None}
    names = [] if team is None else [row[team].strip().replace("_", " ").casefold() for row in table.rows]
    of_teams = {number: by_name[name] for number, name in enumerate(names) if name in by_name}
    teams = {one.student for one in of_teams.values()}
    others = replace(known, students=tuple(one for one in known.students if one.student not in teams))
    people = lay_beside(platform, others, mapping)
    return People(of_teams | dict(people.rows), people.without_row)
