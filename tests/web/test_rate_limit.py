"""The limit on votes: it slows a script down, never the reader next door, and remembers nobody."""

import logging
import os
import socket
import time
from datetime import UTC, datetime

import pytest
import time_machine

from tests.web.acts import ballots, post, rows, vote, words

SEEN = ("198.51.100.7", "198.51.100", "2001:db8:77")


def vote_from(app, poll, address, label="Yes"):
    """A new reader at this address votes."""
    return vote(app.test_client(), poll, label, environ_base={"REMOTE_ADDR": address})


@pytest.fixture(autouse=True)
def _early_in_the_minute():
    """A counter that slides forgets a little when the minute turns: no test may sit astride."""
    with time_machine.travel(datetime.now(UTC).replace(second=5)):
        yield


@pytest.fixture
def app(make_app):
    return make_app(POLL_VOTE_LIMIT="3 per minute")


@pytest.fixture
def poll(new_poll):
    return new_poll()


@pytest.fixture
def redis_url():
    url = os.environ.get("POLL_TEST_REDIS_URL")
    if not url:
        pytest.skip("no redis here: set POLL_TEST_REDIS_URL")
    redis = pytest.importorskip("redis", reason="redis: the driver is not installed")
    with redis.Redis.from_url(url) as server:
        server.flushdb()
        yield url
        server.flushdb()


def test_the_vote_after_the_last_one_allowed_is_refused_and_not_counted(app, poll):
    for _ in range(3):
        assert vote_from(app, poll, "198.51.100.7").status_code == 303

    answer = vote_from(app, poll, "198.51.100.7")

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 120  # a counter slides: two windows
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Nothing was counted" in answer.get_data(as_text=True)
    assert ballots(app) == 3


def test_another_network_is_not_affected(app, poll):
    for _ in range(4):
        vote_from(app, poll, "198.51.100.7")

    assert vote_from(app, poll, "203.0.113.7").status_code == 303


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        (["198.51.100.1", "198.51.100.80", "198.51.100.254", "198.51.100.7"], 429),
        (["198.51.100.1", "198.51.100.80", "198.51.100.254", "198.51.101.7"], 303),
        (["2001:db8:77::1", "2001:db8:77:1::1", "2001:db8:77:ffff::1", "2001:db8:77:2::9"], 429),
        (["2001:db8:77::1", "2001:db8:77:1::1", "2001:db8:77:ffff::1", "2001:db8:78::1"], 303),
        (["198.51.100.1", "::ffff:198.51.100.2", "::ffff:c633:6403", "198.51.100.4"], 429),
        (["::ffff:198.51.100.1", "::ffff:203.0.113.1", "::ffff:192.0.2.1", "::ffff:8.8.8.8"], 303),
        (["fe80::1%eth0", "fe80::2%eth1", "fe80::3", "fe80::4%1"], 429),
        (["unix", "unix", "unix", "unix"], 429),
        (["", "", "", ""], 429),
    ],
)
def test_neighbours_in_one_network_share_their_limit(app, poll, addresses, status):
    *first, last = addresses
    for address in first:
        assert vote_from(app, poll, address).status_code == 303

    assert vote_from(app, poll, last).status_code == status


@pytest.mark.parametrize("second", [0, 17, 41, 59])
def test_after_the_time_that_was_named_the_vote_is_taken(app, poll, second):
    with time_machine.travel(datetime.now(UTC).replace(second=second), tick=False) as clock:
        while (answer := vote_from(app, poll, "198.51.100.7")).status_code == 303:
            clock.shift(7.3)
            assert ballots(app) < 10

        clock.shift(int(answer.headers["Retry-After"]))

        assert vote_from(app, poll, "198.51.100.7").status_code == 303


def test_a_reader_who_only_looks_or_sends_a_faulty_form_uses_nothing_up(app, poll):
    reader = app.test_client()
    base = {"REMOTE_ADDR": "198.51.100.7"}
    for _ in range(5):
        reader.get(f"/polls/{poll.slug}", environ_base=base)
        assert post(reader, f"/polls/{poll.slug}/vote", {}, environ_base=base).status_code == 422
        post(reader, f"/polls/{poll.slug}/peek", environ_base=base)

    assert vote_from(app, poll, "198.51.100.7").status_code == 303


@pytest.mark.parametrize("path", ["/polls", "/embed/polls"])
def test_looks_without_voting_have_the_same_limit_and_use_no_votes_up(app, poll, path):
    base = {"REMOTE_ADDR": "198.51.100.7"}

    def look():
        return post(app.test_client(), f"{path}/{poll.slug}/peek", environ_base=base)

    assert [look().status_code for _ in range(3)] == [303] * 3
    answer = look()

    assert (answer.status_code, 1 <= int(answer.headers["Retry-After"]) <= 120) == (429, True)
    assert "Nothing was counted" in words(answer)
    assert rows(app, "SELECT peeks FROM turnouts") == [(3,)]
    assert vote_from(app, poll, "198.51.100.7").status_code == 303


def test_a_reader_can_withdraw_also_when_the_limit_is_reached(app, poll):
    reader = app.test_client()
    base = {"REMOTE_ADDR": "198.51.100.7"}
    for label in ("Yes", "No", "Yes", "No"):
        last = vote(reader, poll, label, environ_base=base)

    assert last.status_code == 429
    assert post(reader, f"/polls/{poll.slug}/withdraw", environ_base=base).status_code == 303
    assert ballots(app) == 0


def test_the_page_of_a_long_wait_speaks_of_minutes(make_app, new_poll):
    app = make_app(POLL_VOTE_LIMIT="1 per hour")
    poll = new_poll()
    vote_from(app, poll, "198.51.100.7")

    answer = vote_from(app, poll, "198.51.100.7")

    assert int(answer.headers["Retry-After"]) > 3000
    assert "minutes" in answer.get_data(as_text=True)


def test_the_limit_can_be_switched_off(make_app, new_poll):
    app = make_app(POLL_VOTE_LIMIT="off")
    poll = new_poll()

    assert {vote_from(app, poll, "198.51.100.7").status_code for _ in range(40)} == {303}
    assert ballots(app) == 40


def test_behind_a_proxy_the_reader_counts_and_not_the_proxy(make_app, new_poll):
    app = make_app(POLL_VOTE_LIMIT="1 per minute", POLL_TRUSTED_PROXIES="1")
    poll = new_poll()
    statuses = [
        vote(
            app.test_client(),
            poll,
            "Yes",
            headers={"X-Forwarded-For": f"{invented}, {real}"},
            environ_base={"REMOTE_ADDR": "10.0.0.1"},
        ).status_code
        for invented, real in (
            ("1.1.1.1", "198.51.100.7"),
            ("2.2.2.2", "198.51.100.7"),
            ("1.1.1.1", "203.0.113.7"),
        )
    ]

    assert statuses == [303, 429, 303]


def test_without_a_proxy_a_client_can_not_invent_its_address(make_app, new_poll):
    app = make_app(POLL_VOTE_LIMIT="1 per minute")
    poll = new_poll()
    statuses = [
        vote(app.test_client(), poll, "Yes", headers={"X-Forwarded-For": f"1.1.{n}.1"}).status_code
        for n in range(2)
    ]

    assert statuses == [303, 429]


def test_no_address_is_kept_in_a_log_or_beside_the_database(app, poll, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    for address in ("198.51.100.7", "2001:db8:77::1"):
        for _ in range(4):
            vote_from(app, poll, address)
    with app.app_context():
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert ballots(app) == 6
    for seen in SEEN:
        assert seen not in caplog.text
        assert seen.encode() not in kept


@pytest.mark.redis
def test_two_machines_share_their_limit_in_redis(make_app, new_poll, redis_url):
    apps = [make_app(POLL_VOTE_LIMIT="3 per minute", POLL_REDIS_URL=redis_url) for _ in range(2)]
    poll = new_poll()

    statuses = [vote_from(apps[n % 2], poll, "198.51.100.7").status_code for n in range(4)]

    assert statuses == [303, 303, 303, 429]
    assert vote_from(apps[0], poll, "203.0.113.7").status_code == 303


@pytest.mark.redis
def test_redis_holds_no_address_and_forgets(make_app, new_poll, redis_url):
    redis = pytest.importorskip("redis", reason="redis: the driver is not installed")
    app = make_app(POLL_VOTE_LIMIT="3 per minute", POLL_REDIS_URL=redis_url)
    vote_from(app, new_poll(), "198.51.100.7")

    with redis.Redis.from_url(redis_url) as server:
        keys = server.keys("*")
        assert len(keys) == 1
        assert not any(seen.encode() in keys[0] for seen in SEEN)
        assert 0 < server.ttl(keys[0]) <= 120


def test_with_redis_away_each_process_goes_on_counting_by_itself_and_at_once(
    make_app, new_poll, caplog
):
    pytest.importorskip("redis", reason="redis: the driver is not installed")
    app = make_app(POLL_VOTE_LIMIT="3 per minute", POLL_REDIS_URL="redis://127.0.0.1:1/0")
    poll = new_poll()

    started = time.monotonic()
    statuses = [vote_from(app, poll, "198.51.100.7").status_code for _ in range(4)]

    assert statuses == [303, 303, 303, 429]
    assert time.monotonic() - started < 5
    assert caplog.text.count("Redis does not answer") == 1


def test_a_redis_that_never_answers_delays_one_vote_by_a_moment_only(make_app, new_poll):
    pytest.importorskip("redis", reason="redis: the driver is not installed")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_app(
            POLL_VOTE_LIMIT="3 per minute",
            POLL_REDIS_URL=f"redis://127.0.0.1:{silent.getsockname()[1]}/0",
        )
        poll = new_poll()

        started = time.monotonic()
        statuses = [vote_from(app, poll, "198.51.100.7").status_code for _ in range(4)]

    assert statuses == [303, 303, 303, 429]
    assert time.monotonic() - started < 5
