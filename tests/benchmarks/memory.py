"""The memory of a serving process after a hundred thousand votes, against after a thousand.

python -m tests.benchmarks.memory [--votes N] [--first N] [--connections N] [--workers N]
                                  [--json FILE]

PSS (shared pages counted in parts) and RSS, the mean of the workers of one server.
"""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.client import send_all
from tests.benchmarks.site import Site
from tests.benchmarks.tables import options, show

AT_ONCE = 10_000


def main():
    given = options(__doc__, votes=100_000, first=1_000, connections=64, workers=2)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        with site.serving(workers=given.workers) as (port, server):
            vote(site, port, given.first, given.connections)
            before = memory_mib(server.pid)
            vote(site, port, given.votes - given.first, given.connections)
            after = memory_mib(server.pid)
        if site.stored() != (given.votes, given.votes, True):
            raise RuntimeError(str(site.stored()))
    rows = []
    for kind in ("Pss", "Rss"):
        rows += [
            (f"{kind} after {given.first:,} votes: MiB", before[kind], ""),
            (f"{kind} after {given.votes:,} votes: MiB", after[kind], ""),
            (f"{kind} after / before", after[kind] / before[kind], "<= 1.1"),
        ]
    show(rows, figures={"before": before, "after": after}, file=given.json)


def vote(site, port, count, connections):
    for start in range(0, count, AT_ONCE):
        votes = site.votes(min(AT_ONCE, count - start))
        report = send_all(port, votes, connections=connections)
        if report.statuses != {303: len(votes)}:
            raise RuntimeError(f"{report.statuses}, {report.unknown} unknown")


def memory_mib(server):
    """The mean of the server's workers (its child processes), in MiB."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    found = {"Pss": 0.0, "Rss": 0.0}
    for pid in children:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, kib, *_ = line.split()
            if name.rstrip(":") in found:
                found[name.rstrip(":")] += int(kib) / 1024 / len(children)
    return found


if __name__ == "__main__":
    sys.exit(main())
