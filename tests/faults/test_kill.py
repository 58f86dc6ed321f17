"""Processes that die at any moment, and a server that is told to stop."""

import os
import random
import signal
import time

from poll_app.web.serve import DRAIN_S
from tests.faults.servers import await_that, group_of, kill_group, workers_of

ROUNDS = 20


def test_no_acknowledged_ballot_is_lost_or_counted_twice_when_processes_are_killed(site, ledger):
    """Ten times a worker (the server goes on), ten times all at once."""
    left = ROUNDS
    in_doubt = 0
    while left:
        with site.serving() as (port, server), ledger.voting(port):
            for kind in ("worker", "all"):
                time.sleep(random.uniform(0.3, 0.8))
                if kind == "worker":
                    os.kill(random.choice(workers_of(server)), signal.SIGKILL)
                else:
                    kill_group(server)
                left -= 1
        in_doubt += ledger.check()
    with site.serving() as (port, _server):
        unknown = ledger.retry(port, None)
    assert ledger.check() == 0
    print(f"{len(ledger.acknowledged)} acknowledged; {unknown} unknown, then sent again")
    assert unknown > 0, "no request was under way when a process died"
    assert len(ledger.acknowledged) > 20 * ROUNDS


def test_a_killed_worker_is_replaced_and_votes_are_taken_again(site, ledger):
    with site.serving(workers=1) as (port, server):
        (worker,) = workers_of(server)
        os.kill(worker, signal.SIGKILL)
        seconds = await_that(lambda: _votes(ledger, port), within_s=10)
        assert workers_of(server) != [worker]
    print(f"votes again after {seconds:.1f} s")
    ledger.check()


def test_a_server_told_to_stop_finishes_what_it_took_and_says_nothing_wrong(site, ledger):
    for _ in range(3):
        with site.serving() as (port, server), ledger.voting(port):
            time.sleep(random.uniform(0.5, 1.0))
            told_at = time.monotonic()
            server.send_signal(signal.SIGTERM)
            server.wait(DRAIN_S + 5)
            seconds = time.monotonic() - told_at
            assert group_of(server) == []
        after = [made for made in ledger.attempts if (made.answered_at or 0) > told_at]
        print(
            f"stopped in {seconds:.2f} s; {len(after)} ended after that was said,",
            f"{sum(made.status is None for made in after)} of them without an answer",
        )
        assert {made.status for made in after} <= {303, 503, None}
        assert seconds < DRAIN_S
    print(f"{ledger.check()} stored without an answer")
    assert len(ledger.acknowledged) > 100
    with site.serving() as (port, _server):
        ledger.retry(port, None, 503)
    assert ledger.check() == 0


def test_a_server_told_to_start_anew_replaces_its_workers_and_refuses_nobody(site, ledger):
    with site.serving() as (port, server):
        with ledger.voting(port):
            for _ in range(3):
                before = set(workers_of(server))
                server.send_signal(signal.SIGHUP)
                seconds = await_that(
                    lambda old=before: len(new := set(workers_of(server))) == 2 and not new & old,
                    within_s=30,
                )
                print(f"two new workers after {seconds:.1f} s")
            time.sleep(0.5)
        print(f"{ledger.statuses}; {ledger.refused_connections} connections refused")
        assert set(ledger.statuses) <= {303, None}
        assert ledger.refused_connections == 0
        print(f"{ledger.check()} stored without an answer")
        unanswered = ledger.retry(port, None)
    assert ledger.check() == 0
    assert unanswered <= 3 * 32  # at most one of each connection that an old worker held


def _votes(ledger, port):
    try:
        return ledger.vote_once(port).status == 303
    except OSError:
        return False
