"""The time of results, page and JSON, in a poll of a thousand and of a million ballots.

python -m tests.benchmarks.sizes [--rounds N] [--requests N] [--most N] [--json FILE]

Made anew for each request (tests/benchmarks/cold.py), one request at a time: the middle time of
many. The first ten thousand ballots are cast through the ballot box, the others are copies of them
under keys of their own; the tallies are proved by a recount.
"""

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.client import request, send_all
from tests.benchmarks.filling import fill, multiply
from tests.benchmarks.reads import PAST_THE_FRONT
from tests.benchmarks.site import POLL, Site
from tests.benchmarks.tables import in_turn, medians, options, show

CAST = 10_000
ADDRESSES = {"page": f"/polls/{POLL}/results", "JSON": f"/api/v1/polls/{POLL}/results"}


def main():
    given = options(__doc__, rounds=40, requests=40, most=1_000_000)
    sizes = [size for size in (10**3, 10**5, 10**6) if size <= given.most]
    with tempfile.TemporaryDirectory() as folder:
        sites = {size: filled(Path(folder) / str(size), size) for size in sizes}
        with ExitStack() as servers:  # all at once, so that short rounds are taken in turn
            ports = {
                size: servers.enter_context(
                    site.serving("tests.benchmarks.cold:forgetful", workers=1)
                )[0]
                for size, site in sites.items()
            }
            measures = {
                f"{kind}, {size:,} ballots: ms": lambda port=port, path=path: middle_ms(
                    port, path, given.requests
                )
                for kind, path in ADDRESSES.items()
                for size, port in ports.items()
            }
            in_turn(1, measures)
            figures = in_turn(given.rounds, measures)
    found = medians(figures)
    rows = [(name, figure, "") for name, figure in found.items()]
    for kind in ADDRESSES:
        few, *_, many = (figure for name, figure in found.items() if name.startswith(kind))
        rows.append((f"{kind}, {sizes[-1]:,} / {sizes[0]:,} ballots", many / few, "<= 1.1"))
    show(rows, figures=figures, file=given.json)


def filled(folder, count):
    started = time.monotonic()
    folder.mkdir()
    site = Site(folder)
    fill(site, min(count, CAST))
    if count > CAST:
        multiply(site, count // CAST)
    print(f"{count:,} ballots in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return site


def middle_ms(port, path, count):
    asked = [request("GET", path, headers=PAST_THE_FRONT)] * count
    report = send_all(port, asked, connections=1)
    if report.statuses != {200: count}:
        raise RuntimeError(str(report.statuses))
    return report.percentile_ms(0.5)


if __name__ == "__main__":
    sys.exit(main())
