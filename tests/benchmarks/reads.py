"""Results, page and JSON, hot and cold, against an empty Flask `jsonify` under the same server.

python -m tests.benchmarks.reads [--rounds N] [--seconds N] [--workers N] [--json FILE]

hot   a reader without a cookie; the copy in front of Flask is young enough
old   the same, but every copy has grown too old: the database is asked for the version of the figures
anew  nothing is in memory: the tallies are read and the page or the JSON is made for each request
"""

import sys
import tempfile
from datetime import UTC, datetime

from poll_app.services.polls import NewPoll, add_poll
from tests.benchmarks.client import request
from tests.benchmarks.filling import fill
from tests.benchmarks.site import POLL, Site
from tests.benchmarks.streams import CONNECTIONS, answers_per_second
from tests.benchmarks.tables import in_turn, medians, options, show

BALLOTS = 1_000
PAST_THE_FRONT = [("Cookie", "another=1")]  # any cookie; it is not a reader's


def main():
    given = options(__doc__, rounds=3, seconds=3.0, workers=2)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        slugs = [POLL, *other_polls(site)]
        fill(site, BALLOTS)

        def measure(factory, paths, headers=()):
            requests = [request("GET", path, headers=headers) for path in paths]
            with site.serving(factory, workers=given.workers) as (port, _):
                answers_per_second(port, requests, seconds=0.5)
                return answers_per_second(port, requests, seconds=given.seconds)

        measures = {
            "no-op jsonify": lambda: measure("tests.benchmarks.applications:noop", ["/json"])
        }
        for kind, address in (("JSON", "/api/v1/polls/{}/results"), ("page", "/polls/{}/results")):
            one, all_of_them = [address.format(POLL)], [address.format(slug) for slug in slugs]
            measures |= {
                f"{kind}, hot": lambda one=one: measure("poll_app.wsgi:application", one),
                f"{kind}, old": lambda many=all_of_them: measure(
                    "tests.benchmarks.cold:grown_old", many
                ),
                f"{kind}, anew": lambda one=one: measure(
                    "tests.benchmarks.cold:forgetful", one, PAST_THE_FRONT
                ),
            }
        figures = in_turn(given.rounds, measures)
    show(table(medians(figures)), figures=figures, file=given.json)


def table(found):
    """Answers a second, and what they are to the no-op's."""
    rows = [(f"{name}: answers/s", rate, "") for name, rate in found.items()]
    for name in ("JSON, hot", "page, hot", "JSON, old", "page, old", "JSON, anew", "page, anew"):
        goal = ">= 3" if "hot" in name else ">= 0.7"
        rows.append((f"{name} / no-op", found[name] / found["no-op jsonify"], goal))
    return rows


def other_polls(site):
    """As many more polls as connections: so no one asks for a page that is being made for another."""
    now = datetime.now(UTC)
    with site.app.app_context():
        slugs = [
            add_poll(NewPoll(f"Question {n}?", options=("Yes", "No")), opens_at=now, now=now)
            for n in range(4 * CONNECTIONS - 1)
        ]
    site.close()
    return slugs


if __name__ == "__main__":
    sys.exit(main())
