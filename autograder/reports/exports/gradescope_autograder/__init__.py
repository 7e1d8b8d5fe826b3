"""The zip that Gradescope takes as an autograder: this grader, in containers there.

Form: `docs/specs.md` of gradescope/autograder_samples. ``setup.sh`` and ``run_autograder`` at the root; all of it is
unpacked to ``/autograder/source``.
"""

import json
import re
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path

from autograder.course.release import Release
from autograder.reports.exports.zip_file import zip_file

_HERE = Path(__file__).parent
_OWN = "autoencoder-autograder"
_FROM_TORCHS_INDEX = ("torch", "torchvision")


def gradescope_autograder(wheel: Path, assignment: str, release: Release, secrets: Mapping[str, str]) -> bytes:
    """The zip's bytes.

    Args:
        wheel: this package.
        assignment: the assignment's name.
        release: its notebook as handed out.
        secrets: files that lie beside the notebook, such as the salt, by name.

    Raises:
        OSError: the wheel cannot be read.
    """
    versions = _versions()
    beside = f"release/{assignment}"
    files = {
        wheel.name: wheel.read_bytes(),
        "constraints.txt": _pins(versions),
        "torch.txt": _pins({name: versions[name] for name in _FROM_TORCHS_INDEX if name in versions}),
        "python-version": f"{sys.version_info.major}.{sys.version_info.minor}\n".encode(),
        f"{beside}/{release.name}": (json.dumps(release.notebook, ensure_ascii=False, indent=1) + "\n").encode(),
        **{f"{beside}/{name}": text.encode() for name, text in secrets.items()},
    }
    if release.whole_tests:  # where a course has its instructor's notebook, of which nothing else is needed there
        files[f"{beside}/source/{assignment}/{release.name}"] = _notebook_of_tests(release.whole_tests)
    programs = {
        "setup.sh": (_HERE / "setup.sh").read_bytes(),
        "run_autograder": (_HERE / "run_autograder.py").read_bytes(),
    }
    return zip_file(files, programs)


def _notebook_of_tests(texts: Mapping[str, str]) -> bytes:
    """A notebook that holds an instructor's own tests, with what students do not see of them, and nothing else."""
    about = {"grade": True, "solution": False, "locked": True}
    cells = [
        {"cell_type": "code", "metadata": {"nbgrader": {**about, "grade_id": name}}, "source": text, "outputs": []}
        for name, text in texts.items()
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def _versions() -> dict[str, str]:
    """What is installed here; of a build of torch's, the version without what it was built for."""
    found = {re.sub(r"[-_.]+", "-", one.name).lower(): one.version.partition("+")[0] for one in distributions()}
    found.pop(_OWN, None)  # the wheel decides
    return dict(sorted(found.items()))


def _pins(versions: Mapping[str, str]) -> bytes:
    return "".join(f"{name}=={version}\n" for name, version in versions.items()).encode()
