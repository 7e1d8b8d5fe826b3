"""Grading many submissions: what is kept, what is used again, and what a fault does."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.installed import own_course
from autograder.course.picture import draw
from autograder.engine.batch import grade_class, prepare_folder
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt, read_salt, seed_of
from autograder.engine.job import keeping
from autograder.engine.job.keeping import earlier_result, kept, no_earlier_result, still_valid, used_again
from autograder.engine.job.run import GradedSubmission, Reuse, Run, ToGrade
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import GraderFault, Interrupted, UsageError
from autograder.reports.evidence import Evidence, read_evidence
from autograder.reports.result import Result, read_result
from autograder.submissions.finding.find import Found
from autograder.submissions.submission import Submission

COURSE = own_course()
OPTIONS = Options(course=COURSE, level=Level.BEST, salt=Salt("salt", secret=True), timeout=60.0, memory_mib=1024)


def grade(submission: Submission, options: Options) -> Result:
    with Fleet() as fleet:
        return grade_submission(submission, options, fleet)


def handed_in(student: str = "ada", digest: str = "d", source: str = "") -> Submission:
    """A submission that is graded without any process: its file could not be read."""
    path = Path(student, COURSE.key, "a.ipynb")
    return Submission(
        student,
        COURSE.key,
        path,
        COURSE.release,
        digest=digest,
        problem="a.ipynb is not valid JSON",
        source=source or f"{student}/a.ipynb",
    )


class Here:
    """A backend that grades what it has been handed at once, or raises what it was told to."""

    def __init__(self, *submissions: Submission, **faults: BaseException) -> None:
        self.submissions = {one.source: one for one in submissions}
        self.faults = faults
        self.graded: list[str] = []

    def grade(self, waiting: Sequence[ToGrade], run: Run) -> Iterator[GradedSubmission]:
        for one in waiting:
            submission = self.submissions.get(one.found.source) or handed_in(one.found.student, source=one.found.source)
            yield used_again(one, submission, run) or kept(one, submission, run, self._grader(submission, run.options))

    def _grader(self, submission: Submission, options: Options) -> Callable[[], Result]:
        def graded() -> Result:
            self.graded.append(submission.student)
            if fault := self.faults.get(submission.student):
                raise fault
            return grade(submission, options)

        return graded


def found(one: Submission) -> Found:
    return Found(one.path, one.student, one.source)


def run_of(folder: Path, options: Options = OPTIONS, reuse: Reuse = earlier_result) -> Run:
    return Run(options=options, assignment=COURSE.key, release=COURSE.release, folder=folder, reuse=reuse)


def run(folder: Path, backend: Here, *students: str, reuse: Reuse = earlier_result) -> dict[str, GradedSubmission]:
    graded = grade_class([found(handed_in(one)) for one in students], run_of(folder, reuse=reuse), backend)
    return {one.found.student: one for one in graded}


def test_a_notebook_that_cannot_be_read_has_a_result_that_says_so() -> None:
    result = grade(handed_in(), OPTIONS)
    assert (result.points, result.max_points) == (0, 15)
    assert [entry.key for entry in result.exercises] == list(COURSE.keys)
    assert {entry.status for entry in result.exercises} == {"not-attempted"}
    assert {check.message for entry in result.exercises for check in entry.checks} == {"a.ipynb is not valid JSON"}
    assert "a.ipynb is not valid JSON" in result.warnings


def test_every_result_is_written_under_its_students_name(tmp_path: Path) -> None:
    graded = run(tmp_path, Here(), "ada", "bea")
    assert {path.name for path in tmp_path.iterdir()} == {"ada.json", "bea.json"}
    assert read_result(tmp_path / "ada.json") == graded["ada"].result


def test_a_second_run_grades_only_what_has_no_result(tmp_path: Path) -> None:
    run(tmp_path, Here(), "ada")
    graded = run(tmp_path, backend := Here(), "ada", "bea")
    assert backend.graded == ["bea"]
    assert (graded["ada"].reused, graded["bea"].reused) == (True, False)


def test_earlier_results_can_be_left_out_of_account(tmp_path: Path) -> None:
    run(tmp_path, Here(), "ada")
    run(tmp_path, backend := Here(), "ada", reuse=no_earlier_result)
    assert backend.graded == ["ada"]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"null", b'{"schema": 1'])
def test_a_damaged_result_is_graded_again(tmp_path: Path, content: bytes) -> None:
    expected = run(tmp_path, Here(), "ada")["ada"].result
    (tmp_path / "ada.json").write_bytes(content)
    graded = run(tmp_path, backend := Here(), "ada")
    assert backend.graded == ["ada"]
    assert graded["ada"].result == expected == read_result(tmp_path / "ada.json")


def test_a_fault_of_the_grader_is_no_result_and_stops_nobody_else(tmp_path: Path) -> None:
    backend = Here(ada=GraderFault("no worker"), bea=ZeroDivisionError("oh"))
    graded = run(tmp_path, backend, "ada", "bea", "carl")
    assert (graded["ada"].result, graded["ada"].fault) == (None, "no worker")
    assert graded["bea"].result is None
    assert "ZeroDivisionError: oh" in graded["bea"].fault
    assert [path.name for path in tmp_path.iterdir()] == ["carl.json"]


def test_a_result_that_cannot_be_written_is_told_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "ada.json").mkdir()
    graded = run(tmp_path, Here(), "ada", "bea")
    assert str(tmp_path / "ada.json") in graded["ada"].fault
    assert graded["bea"].result is not None
    assert {path.name for path in tmp_path.iterdir()} == {"ada.json", "bea.json"}


@pytest.mark.parametrize("end", [UsageError("no sandbox"), Interrupted("stopped")])
def test_what_concerns_the_whole_run_ends_it(tmp_path: Path, end: Exception) -> None:
    with pytest.raises(type(end)):
        run(tmp_path, Here(ada=end), "ada", "bea")


def test_a_result_is_used_again_where_nothing_has_changed() -> None:
    result = grade(handed_in(), OPTIONS)
    assert still_valid(result, handed_in(), OPTIONS)


@pytest.mark.parametrize(
    "options",
    [
        replace(OPTIONS, salt=Salt("other", secret=True)),
        replace(OPTIONS, seed=3),
        replace(OPTIONS, device="cuda"),
        replace(OPTIONS, level=Level.STRICT),
        replace(OPTIONS, only=("encoder",)),
    ],
)
def test_a_result_of_other_options_is_not_used_again(options: Options) -> None:
    assert not still_valid(grade(handed_in(), OPTIONS), handed_in(), options)


@pytest.mark.parametrize(
    "options", [replace(OPTIONS, level=Level.NONE), replace(OPTIONS, timeout=5.0), replace(OPTIONS, memory_mib=9)]
)
def test_a_result_of_a_safer_or_longer_run_is_used_again(options: Options) -> None:
    assert still_valid(grade(handed_in(), OPTIONS), handed_in(), options)


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "e"},
        {"notebook": "b.ipynb"},
        {"grader": {"version": "0.1.0", "digest": "x"}},
        {"grader": {}},
        {"seeds": ()},
        {"sandbox": {}},
        {"sandbox": {"level": "most"}},
        {"exercises": ()},
    ],
)
def test_a_result_of_something_else_is_not_used_again(change: dict[str, object]) -> None:
    result = replace(grade(handed_in(), OPTIONS), **change)  # type: ignore[arg-type]
    assert not still_valid(result, handed_in(), OPTIONS)


@given(st.text(), st.text(), st.text(min_size=1), st.text(min_size=1))
def test_a_seed_depends_on_the_submission_and_the_salt(digest: str, other: str, salt: str, more: str) -> None:
    seed = seed_of(digest, Salt(salt, secret=True))
    assert 0 <= seed < 2**31
    assert seed == seed_of(digest, Salt(salt, secret=True))
    assert seed != seed_of(digest, Salt(salt + more, secret=True))
    assert (seed == seed_of(other, Salt(salt, secret=True))) == (digest == other)


def test_the_seed_asked_for_stands_in_the_result() -> None:
    assert grade(handed_in(), replace(OPTIONS, seed=7)).seeds == (7,)
    assert grade(handed_in(), OPTIONS).seeds == (seed_of("d", OPTIONS.salt),)


def test_which_salt_was_used_stands_in_the_result_and_is_no_warning() -> None:
    public = grade(handed_in(), replace(OPTIONS, salt=Salt("x", secret=False)))
    own = grade(handed_in(), OPTIONS)
    assert (public.environment["salt"], own.environment["salt"]) == ("public", "own")
    assert public.warnings == own.warnings == ("a.ipynb is not valid JSON",)
    assert public.flags == own.flags == ("nothing could be graded: look at what was handed in",)


def test_a_course_without_a_salt_has_the_public_one(tmp_path: Path) -> None:
    public = read_salt(tmp_path)
    assert not public.secret
    (tmp_path / "autograder.salt").write_text(" \n")
    assert read_salt(tmp_path) == public
    (tmp_path / "autograder.salt").write_text("s3cret\n")
    assert read_salt(tmp_path) == Salt("s3cret", secret=True)


def test_a_salt_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "autograder.salt").write_bytes(b"\xff\xff")
    with pytest.raises(UsageError, match=r"autograder\.salt"):
        read_salt(tmp_path)
    (tmp_path / "autograder.salt").unlink()
    (tmp_path / "autograder.salt").mkdir()
    with pytest.raises(UsageError, match=r"autograder\.salt"):
        read_salt(tmp_path)


def test_a_folder_for_results_is_made_and_left_empty(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_graders_on_one_folder_do_not_meet_in_it(tmp_path: Path) -> None:
    """Each makes sure of the folder, sweeps it, and writes the same results; the last one's stay."""

    def grade_once(number: int) -> list[GradedSubmission]:
        (tmp_path / f".ada.json.{number}.part").touch()
        os.utime(tmp_path / f".ada.json.{number}.part", (0, 0))
        prepare_folder(tmp_path)
        return list(run(tmp_path, Here(), "ada", "bea").values())

    with ThreadPoolExecutor(8) as pool:
        graded = [one for some in pool.map(grade_once, range(200)) for one in some]
    assert {one.fault for one in graded} == {""}
    assert {path.name for path in tmp_path.iterdir()} == {"ada.json", "bea.json"}
    assert read_result(tmp_path / "ada.json") in [one.result for one in graded]


def test_a_file_in_the_way_of_the_results_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("mine")
    for folder in (tmp_path / "results", tmp_path / "results" / "below"):
        with pytest.raises(UsageError, match="cannot be written to"):
            prepare_folder(folder)
    assert (tmp_path / "results").read_text() == "mine"


def graded_one(folder: Path, submission: Submission, reuse: Reuse = earlier_result) -> GradedSubmission:
    [graded] = grade_class([found(submission)], run_of(folder, reuse=reuse), Here(submission))
    return graded


@pytest.mark.parametrize("reuse", [earlier_result, no_earlier_result])
@pytest.mark.parametrize("digest", ["d", "another"])
def test_another_students_file_never_takes_a_results_place(tmp_path: Path, digest: str, reuse: Reuse) -> None:
    graded_one(tmp_path, handed_in("alice", source="alice/autoencoders/a.ipynb"))
    before = (tmp_path / "alice.json").read_bytes()
    graded = graded_one(tmp_path, handed_in("alice", digest, "mallory/autoencoders/notes/alice.ipynb"), reuse)
    assert graded.result is None
    for part in ("alice.json", "alice/autoencoders/a.ipynb", "mallory/autoencoders/notes/alice.ipynb", "remove"):
        assert part in graded.fault
    assert (tmp_path / "alice.json").read_bytes() == before


def test_without_its_source_a_result_could_be_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall taken down: then the attacks of the catalogue that bear a neighbour's name would win."""
    monkeypatch.setattr(keeping, "_keep_another_students", lambda _path, _result: None)
    graded_one(tmp_path, handed_in("alice", source="alice/autoencoders/a.ipynb"))
    graded_one(tmp_path, handed_in("alice", "another", "mallory/autoencoders/notes/alice.ipynb"))
    assert read_result(tmp_path / "alice.json").source.startswith("mallory/")


@pytest.mark.parametrize("source", ["alice/autoencoders/final.ipynb", "alice/b.ipynb"])
def test_another_file_of_the_same_student_does(tmp_path: Path, source: str) -> None:
    graded_one(tmp_path, handed_in("alice", source="alice/autoencoders/a.ipynb"))
    assert graded_one(tmp_path, handed_in("alice", "another", source)).result is not None
    assert read_result(tmp_path / "alice.json").source == source


def test_two_of_one_name_in_one_run_hold_up_nobody_else_and_take_no_place(tmp_path: Path) -> None:
    same = [handed_in("ada", source="ada.ipynb"), handed_in("bea"), handed_in("ada", source="ada/a.ipynb")]
    graded = {one.found.source: one for one in grade_class(list(map(found, same)), run_of(tmp_path), Here())}
    assert [path.name for path in tmp_path.iterdir()] == ["bea.json"]
    for source in ("ada.ipynb", "ada/a.ipynb"):
        assert "would both be the result of" in graded[source].fault


def test_the_graded_cells_are_kept_beside_the_result_and_come_back_where_they_are_missing(tmp_path: Path) -> None:
    submission = replace(handed_in(), solutions={"encoder": "half a character: \ud800"})
    path = tmp_path / "evidence" / "ada.json"
    assert not graded_one(tmp_path, submission).reused
    assert read_evidence(path, "d").cells == submission.solutions
    before = path.read_bytes()
    path.unlink()
    assert graded_one(tmp_path, submission).reused
    assert path.read_bytes() == before
    assert read_evidence(path, "another").cells == {}


def test_a_mark_stands_where_what_goes_beside_it_cannot_be_written(tmp_path: Path) -> None:
    submission = replace(handed_in(), solutions={"encoder": "x"})
    (tmp_path / "evidence").write_text("in the way")
    first, again = graded_one(tmp_path, submission), graded_one(tmp_path, submission)
    assert first.result == again.result == read_result(tmp_path / "ada.json")
    assert (first.reused, again.reused) == (False, True)
    for graded in (first, again):
        assert f"{tmp_path / 'evidence' / 'ada.json'} could not be written" in graded.not_kept
        assert graded.fault == ""


def test_pictures_are_kept_beside_the_result_and_not_in_it_and_stay_when_it_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = draw("walk", along=[0.0, 0.5])
    judge = grade_submission

    def with_pictures(submission: Submission, options: Options, fleet: Fleet) -> Result:
        result = judge(submission, options, fleet)
        first, *others = result.exercises
        return replace(result, exercises=(replace(first, picture=walk), *others))

    monkeypatch.setitem(globals(), "grade_submission", with_pictures)
    submission = replace(handed_in(), solutions={"encoder": "x"})
    assert not graded_one(tmp_path, submission).reused
    path = tmp_path / "evidence" / "ada.json"
    before = path.read_bytes()
    assert read_evidence(path, "d").pictures == {COURSE.keys[0]: walk}
    assert b"picture" not in (tmp_path / "ada.json").read_bytes()
    assert graded_one(tmp_path, submission).reused
    assert path.read_bytes() == before


@pytest.mark.parametrize("numbers", ["[NaN]", "[1e999]", '["<b>"]', "5", "[[1]]"])
def test_a_picture_that_is_none_is_left_out_and_the_cells_stay(tmp_path: Path, numbers: str) -> None:
    path = tmp_path / "ada.json"
    pictures = f'{{"interpolate": {{"kind": "walk", "series": {{"along": {numbers}}}}}}}'
    path.write_text(f'{{"schema": 1, "digest": "d", "cells": {{"encoder": "x"}}, "pictures": {pictures}}}')
    assert read_evidence(path, "d") == Evidence("d", {"encoder": "x"})
