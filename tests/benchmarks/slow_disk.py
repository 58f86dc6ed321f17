"""Votes a second when every flush to the disk takes 2 ms longer, against the disk as it is.

python -m tests.benchmarks.slow_disk [--votes N] [--rounds N] [--connections N] [--workers N]
                                     [--json FILE]

A small library put before the system's own (needs cc) makes each fsync and fdatasync wait. Every
acknowledged ballot must be stored and tallied.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.client import send_all
from tests.benchmarks.site import Site
from tests.benchmarks.tables import in_turn, medians, options, show

SOURCE = Path(__file__).with_name("slow_flush.c")


def main():
    given = options(__doc__, votes=6000, rounds=3, connections=64, workers=2)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "slow_flush.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, SOURCE], check=True)
        figures = in_turn(
            given.rounds,
            {
                "votes/s, disk as it is": lambda: votes_per_second(given),
                "votes/s, 2 ms more a flush": lambda: votes_per_second(given, library),
            },
        )
    found = medians(figures)
    quick, slow = found.values()
    rows = [(name, figure, "") for name, figure in found.items()]
    show([*rows, ("slow / as it is", slow / quick, ">= 0.8")], figures=figures, file=given.json)


def votes_per_second(given, library=None):
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        warm, votes = site.votes(200), site.votes(given.votes)
        with site.serving(workers=given.workers, preload=library) as (port, _):
            send_all(port, warm, connections=given.connections)
            report = send_all(port, votes, connections=given.connections)
        acknowledged = len(warm) + len(votes)
        if report.statuses != {303: given.votes} or site.stored() != (acknowledged,) * 2 + (True,):
            raise RuntimeError(f"{report.statuses}, {report.unknown} unknown, {site.stored()}")
        return report.per_second


if __name__ == "__main__":
    sys.exit(main())
