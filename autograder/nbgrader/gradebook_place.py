"""Where a course's gradebook is: a file of SQLite's, or what ``nbgrader_config.py`` names, such as PostgreSQL's."""

from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from autograder.errors import UsageError
from autograder.nbgrader.course_folder import CONFIG, read_config


@dataclass(frozen=True)
class GradebookPlace:
    """A gradebook that is there, as far as can be told without asking it.

    Attributes:
        url: where it is, in SQLAlchemy's form; it may hold a password.
        course: nbgrader's id for the course in it.
    """

    url: str
    course: str

    @property
    def shown(self) -> str:
        """Where it is, for people: without the password."""
        url = make_url(self.url)
        return str(url.database) if _is_file(url) else url.render_as_string(hide_password=True)


def gradebook_here(folder: Path, file: Path | None = None) -> GradebookPlace:
    """The gradebook of the course in a folder.

    Args:
        folder: the course's folder.
        file: the gradebook's own file, where it is another.

    Raises:
        UsageError: there is no such file, or the configuration's ``db_url`` is no address.
        UnreadableCourse: ``nbgrader_config.py`` cannot be run.
    """
    has_config = (folder / CONFIG).is_file()
    directory = CourseDirectory(config=read_config(folder)) if has_config else CourseDirectory(root=str(folder))
    address = f"sqlite:///{file.absolute()}" if file else str(directory.db_url)
    try:
        url = make_url(address)
    except ArgumentError:
        raise UsageError(f"{folder / CONFIG}: c.CourseDirectory.db_url is no address of a database") from None
    if _is_file(url) and not (folder / str(url.database)).exists():
        where = file or url.database
        raise UsageError(f"{where} does not exist; run this in the course's folder, or name the gradebook with -o")
    return GradebookPlace(address, str(directory.course_id))


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"
