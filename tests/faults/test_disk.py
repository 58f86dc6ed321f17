"""A disk that is full or can be read only, and a database that another program holds."""

import subprocess
import sys
import time
from contextlib import contextmanager

from poll_app.database import BUSY_TIMEOUT_MS
from tests.benchmarks.client import request
from tests.benchmarks.site import POLL, Site
from tests.faults.disks import ext4, fill, tmpfs
from tests.faults.ledger import TIMEOUT_S, Ledger
from tests.faults.servers import await_that
from tests.faults.talk import status_and_headers

PAGES = ("/", f"/polls/{POLL}", f"/polls/{POLL}/results", "/healthz")


def test_votes_are_refused_on_a_full_disk_while_pages_answer_and_work_again_with_space(
    root, tmp_path
):
    with tmpfs(tmp_path, mib=8) as path:
        ledger = Ledger(Site(path / "site"))
        with ledger.site.serving() as (port, _server):
            assert ledger.vote_once(port).status == 303
            for _ in range(3):
                ballast = fill(path, leave_bytes=64 * 1024)
                with ledger.voting(port, connections=8, pause_s=0.02):
                    await_that(lambda: len(ledger.with_status(503)) > 50, within_s=30)
                    time.sleep(0.5)
                    pages_answer(port)
                assert says_when_to_come_back(ledger, port)
                ballast.unlink()
                ledger.vote_until(port, 303, within_s=10)
                ledger.check()
            again = ledger.retry(port, 503, None)
        assert ledger.check() == 0
    print(f"{len(ledger.acknowledged)} acknowledged, {again} of them in a second attempt")
    assert again > 0


def test_votes_wait_for_another_program_that_holds_the_database_for_a_moment(site, ledger):
    with site.serving() as (port, _server), ledger.voting(port, connections=8):
        time.sleep(0.3)
        with held(site):
            time.sleep(BUSY_TIMEOUT_MS / 1000 / 2)
        time.sleep(0.5)
    assert set(ledger.statuses) == {303}
    assert max(made.seconds for made in ledger.attempts) > 2
    assert ledger.check() == 0


def test_pages_answer_at_once_while_votes_wait_in_every_place_for_the_database(site, ledger):
    reader = [("Cookie", "a=1")]  # gets no copy from memory
    with site.serving() as (port, _server), ledger.voting(port, connections=300):
        time.sleep(1)
        with held(site):
            time.sleep(0.5)
            took = {}
            for path in (*PAGES, "/readyz"):
                for headers in ([], reader):
                    started = time.monotonic()
                    asked = request("GET", path, headers=headers)
                    assert status_and_headers(port, request=asked)[0] == 200
                    took[path, len(headers)] = time.monotonic() - started
            time.sleep(1)
        time.sleep(0.5)
    print(" ".join(f"{path} {seconds:.3f}" for (path, _), seconds in took.items()))
    assert max(took.values()) < 1
    assert set(ledger.statuses) == {303}
    assert ledger.check() == 0


def test_votes_are_told_to_come_back_when_another_program_holds_the_database_long(site, ledger):
    with site.serving() as (port, _server):
        with ledger.voting(port, connections=8, pause_s=0.2):
            with held(site):
                time.sleep(1.5 * BUSY_TIMEOUT_MS / 1000)
                pages_answer(port)
                await_that(lambda: ledger.with_status(503), within_s=20)
            seconds = ledger.vote_until(port, 303, within_s=10)
        slowest = max(made.seconds for made in ledger.attempts)
        again = ledger.retry(port, 503)
    print(f"slowest answer {slowest:.1f} s; votes again after {seconds:.1f} s; {again} sent again")
    assert again > 0
    assert slowest < TIMEOUT_S
    assert ledger.check() == 0


def test_votes_are_refused_while_the_files_of_the_database_can_not_be_written(root, tmp_path):
    with ext4(tmp_path) as disk:
        ledger = Ledger(Site(disk.path / "site"))
        with ledger.site.serving() as (port, _server):
            assert ledger.vote_once(port).status == 303
            with unchangeable(disk.path / "site"):
                assert {ledger.vote_once(port).status for _ in range(20)} == {503}
                assert says_when_to_come_back(ledger, port)
                pages_answer(port)
            ledger.vote_until(port, 303, within_s=10)
            assert ledger.retry(port, 503) > 20
        assert ledger.check() == 0


def test_a_server_on_a_read_only_file_system_works_once_it_can_be_written(root, tmp_path):
    with ext4(tmp_path) as disk:
        ledger = Ledger(Site(disk.path / "site"))
        disk.remount("ro")
        with ledger.site.serving() as (port, _server):
            assert {ledger.vote_once(port).status for _ in range(10)} == {503}
            assert status_and_headers(port, "GET", "/healthz")[0] == 200
            assert status_and_headers(port, "GET", "/readyz")[0] == 503
            disk.remount("rw")
            ledger.vote_until(port, 303, within_s=10)
            assert status_and_headers(port, "GET", "/readyz")[0] == 200
            assert ledger.retry(port, 503) >= 10
        assert ledger.check() == 0


def pages_answer(port):
    statuses = {path: status_and_headers(port, "GET", path)[0] for path in PAGES}
    assert set(statuses.values()) == {200}, statuses


def says_when_to_come_back(ledger, port):
    made = ledger.attempt()
    made.status, headers = status_and_headers(port, request=made.request())
    return made.status == 503 and headers["retry-after"].isdigit()


@contextmanager
def held(site):
    """Another process has begun to write and takes its time."""
    program = (
        "import sys; from poll_app.database import sqlite_driver as driver\n"
        "connection = driver.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()\n"
    )
    file = f"{site.environment['POLL_DATA_DIR']}/poll_app.sqlite"
    with subprocess.Popen(
        [sys.executable, "-c", program, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        try:
            assert other.stdout.readline() == "held\n"
            yield
        finally:
            other.stdin.close()
            other.wait()


@contextmanager
def unchangeable(folder):
    """Not even root can write these files. (The -shm file is left out: it is memory that processes
    share, and whoever writes to such memory without leave is ended by the system: SIGBUS.)"""
    files = sorted(set(folder.glob("poll_app.sqlite*")) - set(folder.glob("*-shm")))
    subprocess.run(["chattr", "+i", *files], check=True)
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)
