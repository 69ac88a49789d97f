"""Fetching, against a real server on this machine: whole files, broken transfers, wrong hashes, missing files."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hoakscheck.errors import FetchError
from hoakscheck.training.data import fetch as fetching
from hoakscheck.training.data.catalogue import Source, SourceFile

CONTENT = b"id;text\n" + b"".join(f"{number};Berita ke-{number} dari Rawit\n".encode() for number in range(20_000))


class Server(BaseHTTPRequestHandler):
    """Serves CONTENT in ways that the address names, and remembers what was asked for."""

    asked: list[tuple[str, str | None]]
    cuts: int

    def do_GET(self):
        wanted = self.headers.get("Range")
        self.asked.append((self.path, wanted))
        if self.path.startswith("/missing"):
            self.send_error(404)
            return
        start = int(re.match(r"bytes=(\d+)-", wanted)[1]) if wanted and not self.path.startswith("/whole") else 0
        if start > len(CONTENT):
            self.send_error(416)
            return
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.path.startswith(("/cut", "/whole-cut")) and type(self).cuts > 0:
            type(self).cuts -= 1
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    """Return the address of a server and the list of what was asked of it."""
    handler = type("Handler", (Server,), {"asked": [], "cuts": 1})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}", handler
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    """Let pooch try again at once; how long it waits is its own affair."""
    monkeypatch.setattr("pooch.core.time.sleep", lambda _: None)


def source(address, *, content=CONTENT, withheld=frozenset()):
    file = SourceFile("a.csv", address, hashlib.sha256(content).hexdigest(), len(content))
    return Source(
        "contoh", address, "1", "CC-BY-4.0", "", "warga", ("2024", "2024"), "posts", (), "", "training", (), "", (file,), withheld
    )


def leftovers(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != "a.csv")


def start_of(wanted):
    return int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])


class Seen:
    """Remembers the progress that was told."""

    def __init__(self):
        self.size = self.arrived = 0

    def start(self, name, size):
        self.size = size

    def advance(self, size):
        self.arrived += size


def test_a_file_is_fetched_checked_and_not_fetched_again(server, tmp_path):
    address, handler = server
    seen = Seen()
    (path,) = fetching.fetch(source(f"{address}/a.csv"), tmp_path, progress=seen)
    assert path == tmp_path / "contoh" / "a.csv"
    assert path.read_bytes() == CONTENT
    assert (seen.size, seen.arrived) == (len(CONTENT), len(CONTENT))
    fetching.fetch(source(f"{address}/a.csv"), tmp_path)
    assert len(handler.asked) == 1
    assert leftovers(tmp_path) == []


def test_a_cut_connection_goes_on_where_it_stopped(server, tmp_path):
    address, handler = server
    (path,) = fetching.fetch(source(f"{address}/cut.csv"), tmp_path)
    assert path.read_bytes() == CONTENT
    first, second = handler.asked
    assert first[1] is None
    assert len(CONTENT) // 4 < start_of(second[1]) <= len(CONTENT) // 2
    assert leftovers(tmp_path) == []


def test_a_server_that_cannot_go_on_sends_it_whole(server, tmp_path):
    address, _ = server
    (path,) = fetching.fetch(source(f"{address}/whole-cut.csv"), tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_connection_that_is_always_cut_says_so_and_the_next_run_goes_on(server, tmp_path):
    address, handler = server
    handler.cuts = 3
    with pytest.raises(FetchError, match=r"the transfer broke .* what has arrived is kept, run the same command again") as caught:
        fetching.fetch(source(f"{address}/cut.csv"), tmp_path)
    assert caught.value.url == f"{address}/cut.csv"
    assert not (tmp_path / "contoh" / "a.csv").exists()
    (path,) = fetching.fetch(source(f"{address}/cut.csv"), tmp_path)
    assert path.read_bytes() == CONTENT
    assert start_of(handler.asked[-1][1]) > len(CONTENT) // 2


def test_another_file_than_expected_is_refused_and_nothing_stays(server, tmp_path):
    address, _ = server
    with pytest.raises(FetchError, match=r"its SHA-256 differs\. The source has changed; do not use it unread"):
        fetching.fetch(source(f"{address}/a.csv", content=CONTENT + b"x"), tmp_path)
    assert list(tmp_path.rglob("*.csv")) == []
    assert leftovers(tmp_path) == []


def test_what_an_earlier_transfer_left_of_a_longer_file_is_thrown_away(server, tmp_path):
    address, handler = server
    (tmp_path / "contoh").mkdir()
    (tmp_path / "contoh" / ".a.csv.part").write_bytes(CONTENT + b"more")
    (path,) = fetching.fetch(source(f"{address}/a.csv"), tmp_path)
    assert path.read_bytes() == CONTENT
    assert [wanted for _, wanted in handler.asked] == [f"bytes={len(CONTENT) + 4}-", None]


def test_a_missing_file_says_what_the_server_answered(server, tmp_path):
    address, _ = server
    with pytest.raises(FetchError, match=r"the server answers 404 Not Found; the source may have moved"):
        fetching.fetch(source(f"{address}/missing.csv"), tmp_path)
    assert leftovers(tmp_path) == []


def test_a_server_that_is_not_there_is_an_error_too(tmp_path):
    with pytest.raises(FetchError, match=r"the transfer broke \(ConnectionError\)"):
        fetching.fetch(source("http://127.0.0.1:9/a.csv"), tmp_path)


def test_a_damaged_file_is_fetched_again(server, tmp_path):
    address, _ = server
    (path,) = fetching.fetch(source(f"{address}/a.csv"), tmp_path)
    path.write_bytes(CONTENT[:-1] + b"?")
    assert [state.state for state in fetching.verify(source(f"{address}/a.csv"), tmp_path)] == ["changed"]
    fetching.fetch(source(f"{address}/a.csv"), tmp_path)
    assert [state.state for state in fetching.verify(source(f"{address}/a.csv"), tmp_path)] == ["ok"]


TOPICS = b"index\ttopic\ttext\n" + b"".join(f"{n}\t{'rahasia' if n % 3 else 'umum'}\tteks {n}\n".encode() for n in range(30))


def test_withheld_topics_are_cut_out_before_the_hash_is_checked(server, tmp_path):
    address, handler = server
    secret = frozenset({hashlib.sha256(b"rahasia").hexdigest()})
    kept = fetching.cut_topics(TOPICS, secret)

    def serve(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(TOPICS)))
        self.end_headers()
        self.wfile.write(TOPICS)

    handler.do_GET = serve
    (path,) = fetching.fetch(source(f"{address}/a.csv", content=kept, withheld=secret), tmp_path)
    assert path.read_bytes() == kept
    assert b"rahasia" not in kept
    other = replace(source(f"{address}/b.csv", content=TOPICS, withheld=secret), slug="lain")
    with pytest.raises(FetchError, match="without its withheld topics it has another SHA-256"):
        fetching.fetch(other, tmp_path)
    assert leftovers(tmp_path) == []


def test_a_local_copy_is_checked_as_well(tmp_path):
    mirror = tmp_path / "mirror"
    (mirror / "contoh").mkdir(parents=True)
    (mirror / "contoh" / "a.csv").write_bytes(CONTENT)
    (path,) = fetching.fetch(source("http://127.0.0.1:9/a.csv"), tmp_path / "raw", mirror=mirror)
    assert path.read_bytes() == CONTENT
    (mirror / "contoh" / "a.csv").write_bytes(CONTENT[:-3])
    with pytest.raises(FetchError, match="the local copy is changed"):
        fetching.fetch(source("http://127.0.0.1:9/a.csv"), tmp_path / "other", mirror=mirror)
