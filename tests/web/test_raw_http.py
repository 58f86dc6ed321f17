"""Bytes on the wire against the real server: broken requests are refused, slow ones bear with no one."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from poll_app import create_app
from poll_app.database import db
from poll_app.services.polls import NewPoll, add_poll
from tests.conftest import SECRET, settings_for
from tests.web.acts import OPENED, ballots
from tests.web.bad_inputs import SHARED
from tests.web.test_errors import INSIDE

START_S = 30


@pytest.fixture(scope="module")
def served(migrated_sqlite, tmp_path_factory):
    """The program as an operator starts it, with one open poll; its port and, beside it, its database."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(migrated_sqlite, folder / "poll_app.sqlite")
    app = create_app(settings_for(folder))
    with app.app_context():
        add_poll(
            NewPoll("open?", options=("Yes", "No"), slug="open"),
            opens_at=OPENED,
            now=datetime.now(UTC),
        )
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environ = {
        **os.environ, "POLL_DATA_DIR": str(folder), "POLL_PORT": str(port), "POLL_SECRET_KEY": SECRET,
        "POLL_VOTE_LIMIT": "off", "POLL_WORKERS": "1",
    }  # fmt: skip
    command = [sys.executable, "-c", "from poll_app.cli import main; main()", "serve"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, env=environ, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(port, folder / "log")
        yield port, app
        server.terminate()
        assert server.wait(START_S) in {0, -15}
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(START_S)
    assert "Traceback" not in (folder / "log").read_text()
    with app.app_context():
        db.engine.dispose()


def wait_for(port, log):
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"the server did not start: {log.read_text()}")


def exchange(port, raw):
    """What the server answers to these bytes; "" when it closes without a word."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        answer = b""
        with suppress(ConnectionError):
            connection.sendall(raw.encode("latin-1"))
            connection.settimeout(3)
            with suppress(TimeoutError):
                while data := connection.recv(65_536):
                    answer += data
                    if whole(answer):
                        break
        return answer.decode("utf-8", "replace")


def whole(answer):
    head, found, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return bool(found and length and len(body) >= int(length[1]))


def status_of(answer):
    return int(answer.split(" ", 2)[1]) if answer else None


def get(path="/polls/open", *headers, host="Host: localhost\r\n", method="GET"):
    return (
        f"{method} {path} HTTP/1.1\r\n{host}{''.join(h + chr(13) + chr(10) for h in headers)}\r\n"
    )


FORM = "Content-Type: application/x-www-form-urlencoded"
VOTE = ("/polls/open/vote", FORM, "Sec-Fetch-Site: same-origin")

# Refused with one of these answers; None: closed without a word, which stores and tells nothing either.
OWN_CASES = {
    "no host": ([400], get(host="")),
    "odd host": ([400], get(host="Host: a b\r\n")),
    "path in the host": ([400], get(host="Host: localhost/x\r\n")),
    "two hosts": ([400], get("/polls/open", "Host: evil.example")),
    "empty host": ([400], get(host="Host: \r\n")),
    "two lengths": ([400, None], get(*VOTE, "Content-Length: 4", "Content-Length: 5", method="POST") + "abcd"),
    "length and chunks": ([400, 307, 422, None], get(*VOTE, "Content-Length: 4", "Transfer-Encoding: chunked", method="POST") + "0\r\n\r\n"),
    "negative length": ([400, 413, None], get(*VOTE, "Content-Length: -1", method="POST") + "abcd"),
    "length with a sign": ([400, None], get(*VOTE, "Content-Length: +5", method="POST") + "abcde"),
    "length in words": ([400, None], get(*VOTE, "Content-Length: five", method="POST") + "abcde"),
    "unknown coding": ([400, 415, 501, 422, None], get(*VOTE, "Transfer-Encoding: xchunked", method="POST") + "0\r\n\r\n"),
    "broken chunk": ([400, 422, None], get(*VOTE, "Transfer-Encoding: chunked", method="POST") + "zz\r\nab\r\n0\r\n\r\n"),
    "empty chunks": ([422], get(*VOTE, "Transfer-Encoding: chunked", method="POST") + "0\r\n\r\n"),
    "JSON in chunks": ([415], get(VOTE[0], "Content-Type: application/json", VOTE[2], "Transfer-Encoding: chunked", method="POST") + "3\r\n[1]\r\n0\r\n\r\n"),
    "NUL in a header": ([400, None], get("/polls/open", "X: a\0b")),
    "folded header": ([200, 400, None], get("/polls/open", "X: a", " folded")),
    "space before the colon": ([400, 200, None], get("/polls/open", "X : a")),
    "header without a name": ([400, None], get("/polls/open", ": a")),
    "70 kB of header": ([400, 413, 431, None], get("/polls/open", "X: " + "y" * 70_000)),
    "1,000 headers": ([200, 400, 431, None], get("/polls/open", *[f"X{n}: y" for n in range(1_000)])),
    "absolute address": ([200, 400, 404], get("http://evil.example/polls/open")),
    "raw dots": ([400, 404], get("/static/../../etc/passwd")),
    "encoded dots": ([400, 404], get("/static/..%2f..%2fpyproject.toml")),
    "CONNECT": ([400, 404, 405, 501, None], get("evil.example:443", method="CONNECT")),
    "OPTIONS *": ([400, 404, 405], get("*", method="OPTIONS")),
    "TRACE": ([405, 501], get(method="TRACE")),
    "lower case": ([200, 400, 405, 501, None], get(method="get")),
    "CR LF in the path": ([400, 404], get("/polls/x%0d%0aSet-Cookie:%20a=b")),
    "raw bytes in the path": ([400, 404, None], get("/polls/\xff\xfe")),
    "NUL in the path": ([400, 404], get("/polls/open%00")),
    "space in the path": ([400, 404, None], get("/polls/open x")),
    "HTTP/0.9": ([400, 505, None], "GET /polls/open\r\n\r\n"),
    "HTTP/9.9": ([400, 505, None], "GET /polls/open HTTP/9.9\r\nHost: localhost\r\n\r\n"),
    "no HTTP": ([400, None], "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "a" * 100 + "\r\n\r\n"),
    "too long a body": ([413, 400, None], get(*VOTE, "Content-Length: 70000", method="POST") + "option=" + "1" * 69_993),
    "no body where one is said": ([413, None], get(*VOTE, "Content-Length: 99999999999", method="POST")),
    "forwarded host": ([200], get("/polls/open", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https")),
    "websocket": ([200, 400], get("/polls/open", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: x")),
    "two requests in one": ([200], get("/polls/open") + get("/nothing")),
}  # fmt: skip


def check(served, answer, statuses):
    """The answer is one of these, tells nothing and stores nothing; the server lives."""
    port, app = served
    assert status_of(answer) in statuses
    assert not INSIDE.search(answer)
    assert SECRET not in answer
    assert "set-cookie: a=" not in answer.lower()
    assert not re.search(r"(?im)^server:.*\d", answer)  # its name may stand there, no version
    assert ballots(app) == 0
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as alive:
        assert alive.status == 200


@pytest.mark.parametrize("name", OWN_CASES)
def test_broken_requests_are_refused(served, name):
    statuses, raw = OWN_CASES[name]

    answer = exchange(served[0], raw)

    check(served, answer, statuses)
    assert "evil.example" not in answer


def shared(group):
    if not SHARED.exists():
        return [
            pytest.param(
                None,
                marks=pytest.mark.skip(reason=f"no shared cases: {SHARED} is absent"),
                id="absent",
            )
        ]
    cases = json.loads(SHARED.read_text("utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in cases if case["group"] == group]


@pytest.mark.parametrize("case", shared("raw-http"))
def test_shared_broken_requests_are_refused(served, case):
    raw = case["request"]["raw"].replace(" /p/", " /polls/")

    answer = exchange(served[0], raw)

    check(served, answer, case["expected"]["status"])
    assert case["request"].get("not_contains", "\0") not in answer


@pytest.mark.parametrize("kind", ["half a header", "half a body", "nothing"])
def test_forty_slow_senders_delay_nobody(served, kind):
    half = {
        "half a header": get()[:-4], "half a body": get(*VOTE, "Content-Length: 50", method="POST") + "option=", "nothing": "",
    }[kind]  # fmt: skip
    slow = [socket.create_connection(("127.0.0.1", served[0]), timeout=5) for _ in range(40)]
    for connection in slow:
        connection.sendall(half.encode())

    began = time.monotonic()
    answer = exchange(served[0], get("/polls/open/results", "Cookie: other=1"))
    took_s = time.monotonic() - began
    for connection in slow:
        connection.close()

    check(served, answer, [200])
    assert took_s < 1.5


def test_the_security_headers_reach_the_wire(served):
    head = exchange(served[0], get()).partition("\r\n\r\n")[0].lower()

    for name in (
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "etag: w/",
    ):
        assert name in head
