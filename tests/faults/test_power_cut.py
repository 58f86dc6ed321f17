"""Power cuts: the file system stops at once, and what it had not written is gone."""

import random
import time

from tests.benchmarks.site import Site
from tests.faults.disks import ext4
from tests.faults.ledger import Ledger
from tests.faults.servers import kill_group

CUTS, CONTROL_CUTS = 6, 4


def test_no_acknowledged_ballot_is_lost_by_a_power_cut(root, tmp_path):
    with ext4(tmp_path) as disk:
        ledger = Ledger(Site(disk.path / "site"))
        for _ in range(CUTS):
            cut_under_load(disk, ledger)
            ledger.check(refused_are_not_stored=False)  # 503: the disk failed while it was written
        with ledger.site.serving() as (port, _server):
            in_doubt = ledger.retry(port, None, 503)
        assert ledger.check() == 0
    print(f"{CUTS} cuts, {len(ledger.acknowledged)} acknowledged, {in_doubt} sent again")
    assert len(ledger.acknowledged) > 20 * CUTS


def test_a_build_that_does_not_wait_for_the_disk_loses_ballots_by_a_power_cut(root, tmp_path):
    """If this one lost none, the test above would show nothing."""
    with ext4(tmp_path) as disk:
        ledger = Ledger(Site(disk.path / "site"))
        for _ in range(CONTROL_CUTS):
            cut_under_load(disk, ledger, "tests.faults.careless:application")
        lost = ledger.lost()
    print(f"{CONTROL_CUTS} cuts, {lost} of {len(ledger.acknowledged)} acknowledged lost")
    assert lost > 0


def cut_under_load(disk, ledger, factory="poll_app.wsgi:application"):
    """What is answered from the cut on is no acknowledgement: a machine without power answers
    nobody. Here the processes live on for a moment, and Linux tells some of those that were flushing
    when the file system was shut down that they succeeded, though it is not so."""
    with ledger.site.serving(factory) as (port, server), ledger.voting(port):
        time.sleep(random.uniform(0.4, 1.2))
        cut_at = time.monotonic()
        disk.cut_power()
        time.sleep(0.1)
        kill_group(server)
    for made in ledger.acknowledged:
        if made.answered_at >= cut_at:
            made.status = None
    disk.unmount()
    disk.mount()
