"""PostgreSQL that stops, cuts connections at the moment of a commit, or dies for good."""

import random
import time

import pytest

from tests.benchmarks.site import Site
from tests.faults.clusters import clusters
from tests.faults.ledger import Ledger
from tests.faults.servers import await_that

pytestmark = pytest.mark.usefixtures("root")


def test_a_database_server_that_stops_and_starts_costs_no_acknowledged_ballot(tmp_path):
    with clusters("a") as (cluster,):
        ledger = Ledger(Site(tmp_path, cluster.url))
        with ledger.site.serving() as (port, _server):
            for _ in range(3):
                with ledger.voting(port):
                    time.sleep(random.uniform(0.5, 1.0))
                    cluster.stop()
                    refused = len(ledger.with_status(503))
                    await_that(lambda n=refused: len(ledger.with_status(503)) > n, within_s=10)
                    cluster.start()
                    started_at = time.monotonic()
                    time.sleep(1)
                seconds = ledger.vote_until(port, 303, within_s=10)
                assert seconds < 10
                first = min(
                    made.answered_at
                    for made in ledger.acknowledged
                    if made.answered_at > started_at
                )
                print(f"votes again {first - started_at:.2f} s after the start")
            ledger.check(refused_are_not_stored=False)
            again = ledger.retry(port, None, 503)
        assert ledger.check() == 0
    print(f"{len(ledger.acknowledged)} acknowledged, {again} of them in a second attempt")
    assert again > 0


def test_a_connection_cut_at_any_moment_costs_and_doubles_no_ballot(tmp_path):
    with clusters("a") as (cluster,):
        ledger = Ledger(Site(tmp_path, cluster.url))
        with ledger.site.serving() as (port, _server):
            with ledger.voting(port):
                cut = cut_connections(cluster, "random() < 0.4 AND state <> 'idle'", for_s=5)
            ledger.check(refused_are_not_stored=False)
            ledger.vote_until(port, 303, within_s=10)
            again = ledger.retry(port, None, 503)
        assert ledger.check() == 0
    print(f"{cut} connections cut; {len(ledger.acknowledged)} acknowledged, {again} sent again")
    assert cut > 5


def test_a_commit_whose_confirmation_is_lost_is_found_and_acknowledged(tmp_path):
    """Each commit waits for a standby that never comes, and there its connection is cut: it stands,
    but nobody was told. Only the number of the batch can say so."""
    with clusters("a") as (cluster,):
        ledger = Ledger(Site(tmp_path, cluster.url))
        with ledger.site.serving() as (port, _server):
            assert ledger.vote_once(port).status == 303
            cluster.set_standbys("nobody")
            with ledger.voting(port):
                cut = cut_connections(cluster, "wait_event = 'SyncRep'", for_s=5)
                cluster.set_standbys("")
                time.sleep(0.5)
            assert ledger.check(refused_are_not_stored=False) == 0
            again = ledger.retry(port, None, 503)
        assert ledger.check() == 0
    print(f"{cut} connections cut; {len(ledger.acknowledged)} acknowledged, {again} sent again")
    assert cut > 5
    assert len(ledger.acknowledged) - again > cut


@pytest.mark.parametrize("synchronous", [True, False], ids=["synchronous", "not synchronous"])
def test_no_acknowledged_ballot_is_lost_when_the_standby_takes_over(tmp_path, synchronous):
    """Without a synchronous standby some are: else the test would show nothing."""
    with clusters("a", "b") as (primary, standby):
        ledger = Ledger(Site(tmp_path, primary.url))
        standby.copy_from(primary)
        standby.start()
        if synchronous:
            primary.set_standbys("b")
        wanted = "sync" if synchronous else "async"
        states = (
            "SELECT string_agg(sync_state, ' ') FROM pg_stat_replication WHERE state = 'streaming'"
        )
        await_that(lambda: primary.ask(states) == wanted, within_s=10)
        with ledger.site.serving() as (port, _server), ledger.voting(port):
            time.sleep(random.uniform(1.0, 1.5))
            standby.stop()  # from now on what is committed is on the primary alone
            time.sleep(0.5)
            primary.kill()
        standby.start()
        standby.promote()
        ledger.site = _moved(tmp_path, standby)
        lost = ledger.lost()
        print(f"{lost} of {len(ledger.acknowledged)} acknowledged lost")
        if not synchronous:
            assert lost > 0
            return
        assert lost == 0
        ledger.check(refused_are_not_stored=False)
        with ledger.site.serving() as (port, _server):
            ledger.vote_until(port, 303, within_s=10)
            ledger.retry(port, None, 503)
        assert ledger.check() == 0
    assert len(ledger.acknowledged) > 50


def cut_connections(cluster, which, *, for_s):
    """Ends the app's connections of this kind again and again; returns how many."""
    ends_at, cut = time.monotonic() + for_s, 0
    while time.monotonic() < ends_at:
        cut += int(
            cluster.ask(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                f" WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND {which}"
            )
        )
    return cut


def _moved(folder, standby):
    """The same installation on the standby that has taken over."""
    return Site(folder, standby.url)
