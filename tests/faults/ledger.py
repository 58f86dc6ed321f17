"""Readers who vote while something breaks, and a ledger of what each of them was told.

Every reader is fresh and sends one ballot; the attempt is in the ledger before a byte is sent. What
an answer means: 303 the ballot is acknowledged; 4xx it is refused; 503 it was not taken ("try again
shortly"); anything else, and no answer at all, leaves it unknown.
"""

import asyncio
import random
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

from itsdangerous import Signer
from sqlalchemy import text

from poll_app.database import db
from poll_app.domain.voters import Voter, new_token
from poll_app.services.recount import recount
from tests.benchmarks.client import _Connection, request
from tests.benchmarks.site import POLL, SECRET

CONNECTIONS = 32
TIMEOUT_S = 30.0
VOTE = f"/polls/{POLL}/vote"

_signer = Signer(SECRET, salt="voter cookie")


@dataclass
class Attempt:
    """One reader's ballot and what was heard of it; `status` None: nothing."""

    token: str
    option_id: int
    status: int | None = None
    answered_at: float | None = None
    seconds: float = 0.0

    def request(self):
        cookie = f"voter={_signer.sign(self.token).decode()}"
        headers = [("Sec-Fetch-Site", "same-origin"), ("Cookie", cookie)]
        return request("POST", VOTE, headers=headers, body=f"option={self.option_id}".encode())


class Ledger:
    """All attempts of one site, over as many servers as it is served by."""

    def __init__(self, site):
        self.site = site
        self.attempts = []
        self.refused_connections = 0
        self.options = site.option_ids()
        ((self.salt,),) = site.query("SELECT voter_salt FROM polls WHERE slug = :slug")

    def attempt(self):
        """A fresh reader's ballot, entered."""
        made = Attempt(new_token(), random.choice(self.options))
        self.attempts.append(made)
        return made

    def key_of(self, attempt):
        return Voter(attempt.token, SECRET).key_in(bytes(self.salt))

    def with_status(self, *statuses):
        return [made for made in self.attempts if made.status in statuses]

    @property
    def acknowledged(self):
        return self.with_status(303)

    @property
    def statuses(self):
        return Counter(made.status for made in self.attempts)

    @contextmanager
    def voting(self, port, *, connections=CONNECTIONS, pause_s=0.0):
        """Readers vote at this port over that many connections, until the block ends. A connection
        that is refused is tried again; the reader has sent nothing then."""
        over = threading.Event()
        failed = []

        async def work():
            connection = None
            while not over.is_set():
                try:
                    if connection is None or connection.transport.is_closing():
                        connection = await _connected(port)
                except OSError:
                    self.refused_connections += 1
                    await asyncio.sleep(0.05)
                    continue
                connection = await _send(connection, self.attempt())
                if pause_s:
                    await asyncio.sleep(pause_s)
            if connection is not None:
                connection.transport.close()

        async def work_all():
            await asyncio.gather(*(work() for _ in range(connections)))

        def run():
            try:
                asyncio.run(work_all())
            except BaseException as error:  # noqa: BLE001 - told to the test below
                failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        assert failed == []

    def vote_once(self, port):
        """One fresh reader's ballot, sent alone; returns the attempt."""
        made = self.attempt()
        asyncio.run(_send_again(port, [made]))
        return made

    def vote_until(self, port, status, *, within_s):
        """Fresh readers one after another until one hears this status; returns the seconds it took."""
        started = time.monotonic()
        while time.monotonic() - started < within_s:
            if self.vote_once(port).status == status:
                return time.monotonic() - started
            time.sleep(0.1)
        raise AssertionError(f"no {status} within {within_s} s: {self.attempts[-1]}")

    def retry(self, port, *statuses):
        """Those who heard one of these send the same ballot again, and must be acknowledged now."""
        again = self.with_status(*statuses)
        asyncio.run(_send_again(port, again))
        assert {made.status for made in again} <= {303}
        return len(again)

    def stored(self):
        """The option of every ballot in the poll by voter key; none twice, all as the tallies say."""
        with self.site.app.app_context():
            rows = db.session.execute(
                text(
                    "SELECT b.voter_key, c.option_id FROM ballots b JOIN polls p ON p.id = b.poll_id"
                    " LEFT JOIN choices c ON c.poll_id = b.poll_id AND c.voter_key = b.voter_key"
                    " WHERE p.slug = :slug"
                ),
                {"slug": POLL},
            ).all()
            assert recount() == []
            if db.engine.dialect.name == "sqlite":
                assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        self.site.close()
        found = {bytes(key): option_id for key, option_id in rows}
        assert len(found) == len(rows)
        return found

    def lost(self):
        """How many acknowledged ballots are not there, or not as they were cast."""
        stored = self.stored()
        return sum(stored.get(self.key_of(made)) != made.option_id for made in self.acknowledged)

    def check(self, *, refused_are_not_stored=True):
        """What must hold at any time: acknowledged ballots are there, exactly once and as cast;
        unknown ones at most once; refused ones (503 too, unless told otherwise) and others not."""
        stored = self.stored()
        acknowledged = {self.key_of(made): made.option_id for made in self.acknowledged}
        unknown = {
            self.key_of(made): made.option_id
            for made in self.attempts
            if made.status is None or (made.status == 503 and not refused_are_not_stored)
        }
        there = {key: stored.get(key) for key in acknowledged}
        assert there == acknowledged, "acknowledged and not stored as cast"
        beyond = {key: option for key, option in stored.items() if key not in acknowledged}
        assert beyond.items() <= unknown.items(), "stored, though refused or never sent"
        assert set(self.statuses) <= {303, 503, None}
        stored_count, tallied, agrees = self.site.stored()
        assert (stored_count, tallied, agrees) == (len(stored), len(stored), True)
        return len(beyond)


async def _connected(port):
    loop = asyncio.get_running_loop()
    return (await loop.create_connection(_Connection, "127.0.0.1", port))[1]


async def _send(connection, made):
    """Sends and waits for the answer; returns the connection, None when it is of no more use."""
    connection.answer = asyncio.get_running_loop().create_future()
    connection.received.clear()
    started = time.monotonic()
    connection.transport.write(made.request())
    try:
        made.status = await asyncio.wait_for(connection.answer, TIMEOUT_S)
    except (TimeoutError, OSError):
        made.status = None
        connection.transport.abort()
        return None
    finally:
        made.answered_at = time.monotonic()
        made.seconds = made.answered_at - started
    return connection


async def _send_again(port, attempts):
    waiting = iter(attempts)

    async def work():
        connection = None
        for made in waiting:
            connection = connection or await _connected(port)
            connection = await _send(connection, made)
        if connection is not None:
            connection.transport.close()

    await asyncio.gather(*(work() for _ in range(min(CONNECTIONS, max(1, len(attempts))))))
