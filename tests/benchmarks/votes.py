"""Durable votes a second over HTTP, against an empty Flask post and one ORM commit per request.

python -m tests.benchmarks.votes [--votes N] [--rounds N] [--database URL] [--json FILE]

Every vote is a fresh reader's. The three are measured in turn, round after round, each under the
same server; the table shows medians. At the end every acknowledged ballot must be stored once and
tallied. With `--database postgresql://…` that database is emptied.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.client import request, send_all
from tests.benchmarks.site import POLL, Site, fresh_postgresql


def main():
    options = arguments()
    figures = {"noop": [], "product": [], "orm": []}
    sound = True
    for _ in range(options.rounds):
        for name, rows in figures.items():
            with tempfile.TemporaryDirectory() as folder:
                url = fresh_postgresql(options.database) if options.database else None
                site = Site(folder, url)
                report, good = measure(
                    site, name, options.votes, options.connections, options.workers
                )
                rows.append(row(report))
                sound = sound and good
                print(f"{name:<8} {rows[-1]}", file=sys.stderr)
    table = {name: medians(rows) for name, rows in figures.items()}
    table["product / noop"] = {
        "votes_per_s": ratio(table, "product", "noop", "votes_per_s"),
        "p99_ms": ratio(table, "product", "noop", "p99_ms"),
    }
    table["product / orm"] = {"votes_per_s": ratio(table, "product", "orm", "votes_per_s")}
    table["acknowledged = stored = tallied"] = sound
    show(table)
    if options.json:
        options.json.write_text(
            json.dumps({"figures": table, "rounds": figures}, indent=1), "utf-8"
        )
    return 0 if sound else 1


def measure(site, name, count, connections, workers):
    """One round: the report, and whether every acknowledged ballot is stored and tallied."""
    path = f"/polls/{POLL}/vote" if name == "product" else f"/bench/orm/{POLL}"
    factory = "tests.benchmarks.applications:" + ("noop" if name == "noop" else "product")
    requests = (
        [request("POST", "/vote", body=b"option=1")] * count
        if name == "noop"
        else site.votes(count, path)
    )
    warm = (
        [request("POST", "/vote", body=b"option=1")] * 200
        if name == "noop"
        else site.votes(200, path)
    )
    with site.serving(factory, workers=workers) as (port, _):
        warmed = send_all(port, warm, connections=connections)
        report = send_all(port, requests, connections=connections)
    if name == "noop":
        return report, True
    acknowledged = report.statuses.get(303, 0) + warmed.statuses.get(303, 0)
    stored, tallied, proven = site.stored()
    good = (
        acknowledged <= stored <= acknowledged + report.unknown + warmed.unknown
        and stored == tallied
    )
    return report, good and (proven or name == "orm")  # the yardstick keeps no hourly tallies


def row(report):
    return {
        "votes_per_s": round(report.per_second),
        "p50_ms": round(report.percentile_ms(0.5), 1),
        "p95_ms": round(report.percentile_ms(0.95), 1),
        "p99_ms": round(report.percentile_ms(0.99), 1),
        "statuses": report.statuses,
        "unknown": report.unknown,
    }


def medians(rows):
    return {
        key: round(statistics.median(row[key] for row in rows), 1)
        for key in ("votes_per_s", "p50_ms", "p95_ms", "p99_ms")
    }


def ratio(table, one, other, key):
    return round(table[one][key] / table[other][key], 2)


def show(table):
    for name, figures in table.items():
        cells = (
            "  ".join(f"{key} {value}" for key, value in figures.items())
            if isinstance(figures, dict)
            else figures
        )
        print(f"{name:<32} {cells}")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--votes", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", help="a PostgreSQL database that may be emptied")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
