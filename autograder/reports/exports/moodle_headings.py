"""The headings of Moodle's grading worksheet, in the languages in which they are known.

Moodle writes them in the language of whoever downloads the worksheet, and looks for those when it is uploaded. They are
the strings `recordid`, `lastmodifiedgrade`, `maxgrade` and `submissionteam` of `mod_assign`, `gradenoun` and `fullname`
of the core, and the name of the plugin `assignfeedback_comments`, in English, German, French and Spanish.
"""

from collections.abc import Mapping
from types import MappingProxyType

from autograder.reports.exports.table import Table

LANGUAGES = "English, German, French or Spanish"
_HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identifier": ("identifier", "id", "identifiant", "identificador"),
        "full name": ("full name", "vollständiger name", "nom complet", "nombre completo"),
        "group": ("group", "gruppe", "groupe", "grupo"),
        "grade": ("grade", "bewertung", "note", "calificación"),
        "maximum grade": ("maximum grade", "bestwertung", "note maximale", "calificación máxima"),
        "last modified (grade)": (
            "last modified (grade)",
            "zuletzt geändert (bewertung)",
            "dernière modification (note)",
            "última modificación (calificación)",
        ),
        "feedback comments": (
            "feedback comments",
            "feedback als kommentar",
            "feedback par commentaires",
            "comentarios de retroalimentación",
        ),
    }
)


def column(table: Table, heading: str) -> int | None:
    """The place of a column by its English heading, in small letters."""
    return table.column(*_HEADINGS.get(heading, (heading,)))


def addresses(table: Table) -> int | None:
    """The place of the column of mail addresses, whatever its heading: the first in which nothing else stands."""
    for place in range(len(table.heads)):
        told = [cell for row in table.rows if (cell := row[place].strip())]
        if told and all("@" in cell and " " not in cell for cell in told):
            return place
    return None
