"""How long a page and a vote take while 1,200 clients have sent half a request.

python -m tests.benchmarks.half_open [--clients N] [--rounds N] [--json FILE]

Half of them stop in the headers, half in the body of a vote. The page is one that the front has no
copy of. The server is the default `serve`.
"""

import resource
import socket
import sys
import tempfile
import time
from contextlib import ExitStack

from tests.benchmarks.client import request, send_all
from tests.benchmarks.reads import PAST_THE_FRONT
from tests.benchmarks.site import POLL, Site
from tests.benchmarks.tables import options, show


def main():
    given = options(__doc__, clients=1_200, rounds=20)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        page = request("GET", f"/polls/{POLL}", headers=PAST_THE_FRONT)
        with site.serving() as (port, _), ExitStack() as open_ones:
            figures = {"alone: page": times_ms(port, [page] * given.rounds)}
            figures["alone: vote"] = times_ms(port, site.votes(given.rounds), status=303)
            for number, whole in enumerate(site.votes(given.clients)):
                connection = socket.create_connection(("127.0.0.1", port), 10)
                open_ones.enter_context(connection)
                connection.sendall(
                    whole[: whole.index(b"\r\n\r\n") - 9] if number % 2 else whole[:-3]
                )
            time.sleep(0.5)
            named = f"{given.clients:,} half open"
            figures[f"{named}: page"] = times_ms(port, [page] * given.rounds)
            figures[f"{named}: vote"] = times_ms(port, site.votes(given.rounds), status=303)
        rows = [
            (f"{name}, slowest of {given.rounds}: ms", max(times), "< 1,000")
            for name, times in figures.items()
        ]
    show(rows, figures=figures, file=given.json)


def times_ms(port, requests, *, status=200):
    """What each took, on a connection of its own, one after another."""
    reports = [send_all(port, [each], connections=1) for each in requests]
    if any(report.statuses != {status: 1} for report in reports):
        raise RuntimeError(str([report.statuses for report in reports]))
    return [report.percentile_ms(0.5) for report in reports]


if __name__ == "__main__":
    sys.exit(main())
