"""Clients that behave badly while others want to be served."""

import random
import resource
import socket
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest

from tests.benchmarks.client import request, send_all
from tests.benchmarks.site import POLL
from tests.faults.talk import status_and_headers

HALF_OPEN = 1_200
PATIENCE_S = 1.0


@pytest.fixture(autouse=True)
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 4 * HALF_OPEN:
        pytest.skip(f"a process may open {hard} files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4 * HALF_OPEN), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_readers_are_served_while_1200_connections_send_half_a_request(site, ledger):
    with site.serving() as (port, _server), ExitStack() as open_ones:
        for number in range(HALF_OPEN):
            whole = never_sent_whole(ledger)
            half = whole[: whole.index(b"\r\n\r\n") - 9] if number % 2 else whole[:-3]
            connection = open_ones.enter_context(connected(port))
            connection.sendall(half)
        time.sleep(0.5)
        served_quickly(port, ledger)
    ledger.check()


def test_readers_are_served_while_others_send_a_byte_each_second(site, ledger):
    over = threading.Event()
    with site.serving() as (port, _server), ExitStack() as open_ones:
        slow = [
            (open_ones.enter_context(connected(port)), iter(never_sent_whole(ledger)))
            for _ in range(200)
        ]

        def drip():
            while not over.wait(1.0):
                for connection, rest in slow:
                    connection.sendall(bytes([next(rest)]))

        for connection, rest in slow[::2]:  # half of them drip the body only
            connection.sendall(bytes(next(rest) for _ in range(150)))
        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            time.sleep(2.5)
            served_quickly(port, ledger)
        finally:
            over.set()
            dripping.join()
    ledger.check()


def test_readers_are_served_while_others_never_read_their_answers(site, ledger):
    with site.serving() as (port, _server), ExitStack() as open_ones:
        never_read = []
        for number in range(30):
            connection = open_ones.enter_context(connected(port, receive_bytes=4096))
            connection.setblocking(False)
            path = ("/", f"/polls/{POLL}", f"/polls/{POLL}/results")[number % 3]
            never_read.append([connection, memoryview(request("GET", path) * 100_000)])
        stuck, ends_at = 0, time.monotonic() + 15
        while stuck < 20 and time.monotonic() < ends_at:
            stuck = sum(not pushed(each) for each in never_read)
            time.sleep(0.2)
        print(f"{stuck} of {len(never_read)} connections are stuck")
        assert stuck >= 20
        served_quickly(port, ledger)
    ledger.check()


def test_ten_thousand_parallel_posts_of_one_reader_are_one_ballot(site, ledger):
    made = ledger.attempt()
    with site.serving() as (port, _server):
        report = send_all(port, [made.request()] * 10_000, connections=200)
    print(f"{report.per_second:.0f} posts a second")
    assert report.statuses == {303: 10_000}
    made.status = 303
    assert ledger.check() == 0
    assert len(ledger.stored()) == 1
    assert site.query("SELECT revision FROM ballots") == [(1,)]


def test_parallel_posts_of_one_reader_who_can_not_decide_are_one_ballot(site, ledger):
    made = ledger.attempt()
    requests = []
    for _ in range(1_000):
        made.option_id = random.choice(ledger.options)
        requests.append(made.request())
    with site.serving() as (port, _server):
        report = send_all(port, requests, connections=100)
        assert report.statuses == {303: 1_000}
        made.status = status_and_headers(port, request=made.request())[0]
    assert ledger.check() == 0
    assert len(ledger.stored()) == 1


def served_quickly(port, ledger):
    """A page, a page that must be made, and a vote: each within a second (the middle one of three,
    for others may be at work on this machine)."""
    page = request("GET", f"/polls/{POLL}")
    made_anew = request("GET", "/", headers=[("Cookie", "a=1")])
    for asked in (page, made_anew, None):
        took = []
        for _ in range(3):
            made = None if asked else ledger.attempt()
            started = time.monotonic()
            status = status_and_headers(port, request=asked or made.request())[0]
            took.append(time.monotonic() - started)
            assert status == (200 if asked else 303)
            if made:
                made.status = status
        print("answered in", " ".join(f"{seconds:.3f}" for seconds in took), "s")
        assert sorted(took)[1] < PATIENCE_S


def pushed(each):
    """Sends more of what is left; False when nothing goes through now."""
    connection, left = each
    try:
        each[1] = left[connection.send(left[:65_536]) :]
    except BlockingIOError:
        return False
    return True


def never_sent_whole(ledger):
    """A vote of which a part is sent: not in the ledger, so it must not be stored."""
    made = ledger.attempt()
    ledger.attempts.remove(made)
    return made.request()


@contextmanager
def connected(port, *, receive_bytes=None):
    with socket.socket() as connection:
        if receive_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", port))
        yield connection
