"""Whether a submission was made from the notebook that it is read against, or from another version of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.course.release import Release, checksums_of
from autograder.submissions.finding.places import some

_MOST_NAMED = 5


def remarks_on_version(notebook: Mapping[str, Any], release: Release) -> Iterator[str]:
    """A line that names the cells which students were handed with another text; none where there are none.

    nbgrader notes a checksum of each cell when it makes a release, and what a student types does not change it.
    """
    now = release.checksums
    theirs = checksums_of(notebook)
    others = [name for name in now if name in theirs and theirs[name] != now[name]]
    if others:
        yield (
            f"the notebook was made from another version of the assignment, in which these cells differ: "
            f"{some(others, _MOST_NAMED)}; what is given is taken from the version of now"
        )
