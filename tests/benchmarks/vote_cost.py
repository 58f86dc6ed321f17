"""Where the processor time of a vote goes, in microseconds of one core.

python -m tests.benchmarks.vote_cost [--rounds N] [--votes N] [--batch N] [--json FILE]

One thread, no server and no load generator, so that nothing waits: an empty Flask post; the vote
with a box that acknowledges without writing (all of the web floor: front, Flask, guards, cookie,
checks, headers); and the box by itself, with batches of as many ballots as wait for a commit under
load. The last two add up to the vote.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime

from werkzeug.test import EnvironBuilder, run_wsgi_app

from poll_app.database import db
from poll_app.domain.voters import Voter, new_token
from poll_app.domain.voting import Cast
from poll_app.services.ballots import Receipt
from poll_app.services.poll_views import get_poll
from poll_app.web.front import Front
from tests.benchmarks.applications import noop
from tests.benchmarks.site import POLL, SECRET, Site
from tests.benchmarks.tables import in_turn, medians, options, show

MICROSECONDS = 1e6


class _Nowhere:
    """Takes the place of the ballot box: says yes at once."""

    def submit(self, _act):
        return Receipt("cast")


def main():
    given = options(__doc__, rounds=7, votes=1_000, batch=32)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        box = site.app.extensions["ballot_box"]
        measures = {
            "empty Flask post": lambda: posts(noop(), site, given.votes, "/vote"),
            "vote, web floor": lambda: votes(site, given.votes),
            "vote, ballot box": lambda: batches(site, box, given.votes, given.batch),
        }
        in_turn(1, measures)
        figures = in_turn(given.rounds, measures)
    found = medians(figures)
    rows = [(f"{name}: µs", figure, "") for name, figure in found.items()]
    empty, web, stored = found.values()
    rows.append(("empty post / whole vote", empty / (web + stored), ""))
    show(rows, figures=figures, file=given.json)


def votes(site, count):
    """The web floor of a vote, whose ballot goes nowhere."""
    kept = site.app.extensions["ballot_box"]
    site.app.extensions["ballot_box"] = _Nowhere()
    try:
        return posts(Front(site.app), site, count, f"/polls/{POLL}/vote")
    finally:
        site.app.extensions["ballot_box"] = kept


def posts(application, site, count, path):
    """Processor time of one post, the mean of many from fresh readers."""
    requests = [environ_of(raw, path) for raw in site.votes(count)]
    started = time.thread_time()
    for environ in requests:
        answer, status, _ = run_wsgi_app(application, environ)
        if not status.startswith("303"):
            raise RuntimeError(status)
        b"".join(answer)
    return (time.thread_time() - started) / count * MICROSECONDS


def environ_of(raw, path):
    """What a server makes of the bytes of a request."""
    head, body = raw.split(b"\r\n\r\n", 1)
    headers = [line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:]]
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return EnvironBuilder(path, method="POST", headers=kept, data=body).get_environ()


def batches(site, box, count, size):
    """Processor time of one ballot in the box, the mean of batches with `size` of them each."""
    with site.app.app_context():
        now = datetime.now(UTC)
        poll = get_poll(POLL, now=now)
        db.session.remove()
        chosen = [option.id for option in poll.options]
        acts = [
            Cast(poll.id, Voter(new_token(), SECRET).key_in(poll.voter_salt), now, (one,), (None,))
            for one in (chosen[number % len(chosen)] for number in range(count))
        ]
        started = time.thread_time()
        for first in range(0, count, size):
            if not all(isinstance(o, Receipt) for o in box.submit_all(acts[first : first + size])):
                raise RuntimeError("a ballot was refused")
        return (time.thread_time() - started) / count * MICROSECONDS


if __name__ == "__main__":
    sys.exit(main())
