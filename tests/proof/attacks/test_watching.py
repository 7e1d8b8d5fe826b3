"""What an attack leaves, changes or reaches is seen."""

import ctypes
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from proof.attacks import watch
from proof.attacks.canaries import SECRET, Canaries, secret

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


@pytest.fixture
def canaries(tmp_path: Path) -> Iterator[Canaries]:
    with Canaries(tmp_path, "abc") as canaries:
        yield canaries


def test_quiet_canaries_say_nothing(canaries: Canaries) -> None:
    assert canaries.disturbed() == ()


@pytest.mark.parametrize("place", ["udp", "socket", "abstract"])
def test_message_is_heard_once(canaries: Canaries, place: str) -> None:
    port = int(canaries.places["udp"])
    address = {"udp": ("127.0.0.1", port), "socket": canaries.places["socket"], "abstract": "\0autograder-abc"}[place]
    with socket.socket(socket.AF_INET if place == "udp" else socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"out", address)
        sender.sendto(b"again", address)
    [said] = canaries.disturbed()
    assert said.startswith("a message arrived at")
    assert canaries.disturbed() == ()


@pytest.mark.parametrize("place", ["tcp", "socket"])
def test_connection_is_noticed(canaries: Canaries, place: str) -> None:
    if place == "tcp":
        socket.create_connection(("127.0.0.1", int(canaries.places["tcp"])), 5).close()
    else:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(canaries.places["socket"] + "t")
    [said] = canaries.disturbed()
    assert said.startswith("a connection arrived at")


def test_killed_process_and_removed_semaphore_are_noticed(canaries: Canaries) -> None:
    os.kill(int(canaries.places["victim"]), 9)
    ctypes.CDLL(None).semctl(int(canaries.places["semaphore"]), 0, 0)
    time.sleep(0.2)
    assert canaries.disturbed() == ("another process was killed", "a semaphore was removed")


def test_secrets_differ_and_are_found_in_a_text() -> None:
    one, other = secret(), secret()
    assert one != other
    assert SECRET.findall(f"<{one}{other}>") == [one, other]


def test_changes_of_files_are_seen(tmp_path: Path) -> None:
    for name in ("same", "content", "mode", "time", "gone"):
        (tmp_path / name).write_text("text")
    before = watch.snapshot(tmp_path)
    assert watch.changes(before, watch.snapshot(tmp_path)) == ()
    times = (tmp_path / "content").stat()
    (tmp_path / "content").write_text("txet")
    os.utime(tmp_path / "content", ns=(times.st_atime_ns, times.st_mtime_ns))
    (tmp_path / "mode").chmod(0o777)
    os.utime(tmp_path / "time", (1, 1))
    (tmp_path / "gone").unlink()
    (tmp_path / "link").symlink_to("/")
    (tmp_path / "folder").mkdir()
    assert watch.changes(before, watch.snapshot(tmp_path)) == ("content", "folder", "gone", "link", "mode", "time")


def test_files_strewn_about_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_SHARED", (str(tmp_path), str(tmp_path / "missing")))
    (tmp_path / "x-abc-y").touch()
    assert watch.left_in_shared_folders("abc") == (str(tmp_path / "x-abc-y"),)
    assert watch.left_in_shared_folders("abd") == ()
    watch.clear_shared_folders("abd")
    assert (tmp_path / "x-abc-y").exists()
    watch.clear_shared_folders("abc")
    assert watch.left_in_shared_folders("abc") == ()


def test_process_that_stays_is_seen_until_it_ends() -> None:
    before = watch.descendants(os.getpid())
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()"
    with subprocess.Popen([sys.executable, "-c", child], start_new_session=True):
        until = time.monotonic() + 20
        while len(after := watch.descendants(os.getpid())) < len(before) + 2 and time.monotonic() < until:
            time.sleep(0.05)
        new = after.keys() - before.keys()
        assert len(new) == 2
        assert all("time.sleep(60)" in watch.command(pid) for pid in new)
        assert len(watch.settled(os.getpid(), len(before), 0.2)) == len(before) + 2
        for pid in new:
            os.kill(pid, 9)
    assert watch.settled(os.getpid(), len(before)).keys() == before.keys()


def test_disk_threads_and_time_to_look_are_metered(tmp_path: Path) -> None:
    looked = threading.Event()
    with watch.metered(tmp_path, looked.set) as meter:
        child = subprocess.Popen(
            [sys.executable, "-c", "import threading, time\nfor _ in range(9): threading.Timer(60, print).start()"]
        )
        (tmp_path / "large").write_bytes(os.urandom(64 << 20))
        assert looked.wait(10)
        time.sleep(1.0)
        child.kill()
        child.wait()
    assert meter.peaks.threads >= 9
    assert meter.peaks.disk_mib >= 32


def test_the_graders_memory_is_metered_anew_for_every_block(tmp_path: Path) -> None:
    peaks = []
    for size in (256, 64):
        with watch.metered(tmp_path, lambda: None) as meter:
            held = bytearray(size << 20)
            held[::4096] = b"x" * len(held[::4096])
            del held
        peaks.append(meter.peaks.grader_mib)
    assert peaks[0] >= 250
    assert 60 <= peaks[1] < 128


def test_the_judges_memory_is_metered_although_it_is_another_process(tmp_path: Path) -> None:
    with _judge_holding(100) as there_before:
        _wait(lambda: watch.judge_peaks().get(there_before, 0) >= 100)
        with watch.metered(tmp_path, lambda: None) as meter, _judge_holding(200):
            _wait(lambda: meter.peaks.judge_mib >= 200)
    assert 200 <= meter.peaks.judge_mib < 300


@contextmanager
def _judge_holding(mib: int) -> Iterator[int]:
    code = f"import sys; held = b'x' * ({mib} << 20); sys.stdin.read()"
    named = [sys.executable, "-S", "-c", code, "autograder.engine.judge"]
    with subprocess.Popen(named, stdin=subprocess.PIPE) as judge:
        yield judge.pid
        judge.kill()


def _wait(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not seen() and time.monotonic() < until:
        time.sleep(0.05)
