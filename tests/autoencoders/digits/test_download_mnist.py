"""``MNIST(download=True)`` against servers on this machine: good, wrong, silent and slow."""

import gzip
import hashlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from autograder.autoencoders.digits import MNIST
from autograder.autoencoders.digits.download import DownloadError, TimeLimits

FAILED = "MNIST: 8,000 of the bundled digits (10,000 real MNIST images); the download failed: "


class Server(ThreadingHTTPServer):
    """Serves a dictionary of files; ``pause`` seconds between the bytes where it is set."""

    daemon_threads = True

    def __init__(self, files, pause=0.0):
        self.files, self.pause, self.asked = files, pause, []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request, client_address):
        """A client that hung up is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/")
        self.server.asked.append(name)
        content = self.server.files.get(name)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        step = 1 if self.server.pause else 1 << 20
        for start in range(0, len(content or b""), step):
            self.wfile.write(content[start : start + step])
            time.sleep(self.server.pause)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def serve(monkeypatch):
    """Starts servers, stopped after the test."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    servers = []

    def start(files, pause=0.0):
        servers.append(Server(files, pause))
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def zipped(small_mnist, monkeypatch):
    """The gzipped files of a small MNIST, whose sums `MNIST` expects."""
    files = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in small_mnist.items()}
    sums = [(name, hashlib.md5(content, usedforsecurity=False).hexdigest()) for name, content in files.items()]
    monkeypatch.setattr(MNIST, "resources", sums)
    return files


def use(monkeypatch, *mirrors, **limits):
    monkeypatch.setattr(MNIST, "mirrors", list(mirrors))
    monkeypatch.setattr(MNIST, "time_limits", TimeLimits(**limits))


def assert_fails(tmp_path, capsys, reason):
    assert len(MNIST(tmp_path, download=True)) == 8000
    line = capsys.readouterr().out
    assert line.startswith(FAILED)
    assert reason in line
    assert line.count("\n") == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_download_is_kept_and_not_repeated(serve, zipped, small_mnist, tmp_path, monkeypatch, capsys):
    server = serve(zipped)
    use(monkeypatch, server.url)
    assert len(MNIST(tmp_path, download=True)) == 300
    raw = tmp_path / "MNIST" / "raw"
    assert capsys.readouterr().out == f"MNIST: 300 digits of {raw}\n"
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == small_mnist
    assert len(MNIST(tmp_path, train=False, download=True)) == 40
    assert len(MNIST(tmp_path)) == 300
    assert sorted(server.asked) == sorted(zipped)


def test_nothing_is_downloaded_unasked(serve, zipped, tmp_path, monkeypatch):
    server = serve(zipped)
    use(monkeypatch, server.url)
    MNIST(tmp_path)
    assert server.asked == []


def test_second_mirror_helps_out(serve, zipped, tmp_path, monkeypatch):
    use(monkeypatch, serve({}).url, serve(zipped).url)
    assert len(MNIST(tmp_path, download=True)) == 300


def test_missing_file_falls_back(serve, zipped, tmp_path, monkeypatch, capsys):
    zipped.pop("t10k-labels-idx1-ubyte.gz")
    use(monkeypatch, serve(zipped).url)
    assert_fails(tmp_path, capsys, "Not Found")


def test_altered_file_falls_back(serve, zipped, tmp_path, monkeypatch, capsys):
    use(monkeypatch, serve(zipped | {"train-labels-idx1-ubyte.gz": b"<html>please log in</html>"}).url)
    assert_fails(tmp_path, capsys, "train-labels-idx1-ubyte.gz does not have the MD5 sum")


@pytest.mark.usefixtures("zipped")
def test_refused_connection_falls_back(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    use(monkeypatch, f"http://127.0.0.1:{port}/")
    assert_fails(tmp_path, capsys, "refused")


@pytest.mark.timeout(30)
@pytest.mark.usefixtures("zipped")
def test_silent_server_falls_back_in_time(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(monkeypatch, f"http://127.0.0.1:{silent.getsockname()[1]}/", silence=0.2)
        started = time.monotonic()
        assert_fails(tmp_path, capsys, "timed out")
    assert 0.2 <= time.monotonic() - started < 5


@pytest.mark.timeout(30)
def test_trickling_server_falls_back_in_time(serve, zipped, tmp_path, monkeypatch, capsys):
    use(monkeypatch, serve(zipped, pause=0.01).url, silence=5.0, total=0.3)
    started = time.monotonic()
    assert_fails(tmp_path, capsys, "took too long")
    assert 0.3 <= time.monotonic() - started < 5


def test_root_that_cannot_be_written_falls_back(serve, zipped, tmp_path, monkeypatch, capsys):
    use(monkeypatch, serve(zipped).url)
    (tmp_path / "file").write_text("")
    assert len(MNIST(tmp_path / "file", download=True)) == 8000
    line = capsys.readouterr().out
    assert line.startswith(FAILED)
    assert "cannot be written" in line


@pytest.mark.usefixtures("zipped")
def test_asking_for_the_download_alone_raises_what_went_wrong(serve, tmp_path, monkeypatch):
    use(monkeypatch, serve({}).url)
    with pytest.raises(DownloadError, match="Not Found"):
        MNIST(tmp_path).download()


def test_limits_are_finite_by_default():
    assert 0 < MNIST.time_limits.silence <= 60
    assert 0 < MNIST.time_limits.total <= 600
