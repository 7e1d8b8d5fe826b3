"""``autograder export --to gradescope -o NAME.zip``: the autograder that Gradescope takes."""

import tempfile
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.cli.terminal import complain, out
from autograder.course.installed import own_course
from autograder.engine.identity import SALT_FILE, read_salt
from autograder.errors import UsageError
from autograder.nbgrader.course_folder import HandedOut, handed_out_here, handed_out_in
from autograder.reports.class_results import CLASS_CSV
from autograder.reports.exports.gradescope_autograder import gradescope_autograder
from autograder.reports.exports.own_wheel import built_wheel, given_wheel


def write_gradescope_autograder(folder: Path, output: Path, wheel: Path | None) -> None:
    """Write the zip: this package, what the course has handed out, and its salt.

    Args:
        folder: the course's folder, or results; with those it is the course here, else the bundled one.
        output: the zip.
        wheel: this package; ``None`` to build it.
    """
    handed_out = _handed_out(folder)
    of_course = handed_out.folder or Path.cwd()
    salt = read_salt(of_course)
    secrets = {SALT_FILE: salt.text + "\n"} if salt.secret else {}
    with tempfile.TemporaryDirectory() as built:
        own = given_wheel(wheel) if wheel else built_wheel(Path(built))
        try:
            content = gradescope_autograder(own, handed_out.assignment, handed_out.release, secrets)
            output.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(output, content)
        except OSError as error:
            raise UsageError(f"{error.filename or output}: {error.strerror}") from None
        held = f"{own.name}, {handed_out.assignment}/{handed_out.release.name}"
    out().print(f"Written: {output} ({held})", soft_wrap=True, markup=False)
    if salt.secret:
        complain(f"{output} holds the course's salt: it is for Gradescope, not for students")
    else:
        complain(f"no {SALT_FILE} in {of_course}, so probes there are drawn with the public salt")


def _handed_out(folder: Path) -> HandedOut:
    if (folder / CLASS_CSV).exists():
        return handed_out_here(own_course(), Path.cwd())
    return handed_out_in(own_course(), folder)
