"""A site to measure: a fresh database with the sample article, and servers on it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from flask_migrate import upgrade
from itsdangerous import Signer
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from poll_app import create_app
from poll_app.config import load_settings
from poll_app.database import db
from poll_app.domain.voters import new_token
from poll_app.services.recount import recount
from poll_app.services.sample import load_sample
from tests.benchmarks.client import request

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the secret of a benchmark, long enough"
POLL = "nato-troops"


class Site:
    """One installation in a directory of its own, on SQLite or on the PostgreSQL given."""

    def __init__(self, data_dir, database_url=None, **environment):
        self.environment = {
            "POLL_DATA_DIR": str(data_dir),
            "POLL_SECRET_KEY": SECRET,
            "POLL_VOTE_LIMIT": "off",
            **({"POLL_DATABASE_URL": database_url} if database_url else {}),
            **environment,
        }
        self.app = create_app(load_settings(self.environment))
        with self.app.app_context():
            upgrade()
            load_sample(now=datetime.now(UTC))
        self.close()

    def close(self):
        """Leaves no connection open: servers are about to start."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def option_ids(self):
        """The options of the measured poll."""
        return [
            row[0]
            for row in self.query(
                "SELECT o.id FROM options o JOIN polls p ON p.id = o.poll_id WHERE p.slug = :slug ORDER BY o.id"
            )
        ]

    def query(self, statement):
        """The rows of one statement."""
        with self.app.app_context():
            rows = db.session.execute(text(statement), {"slug": POLL}).all()
        self.close()
        return rows

    def stored(self):
        """Ballots stored and ballots tallied in the measured poll, and whether a recount agrees."""
        ((stored, tallied),) = self.query(
            "SELECT (SELECT count(*) FROM ballots b WHERE b.poll_id = p.id AND b.state = 'counted'), t.ballots"
            " FROM polls p JOIN turnouts t ON t.poll_id = p.id WHERE p.slug = :slug"
        )
        with self.app.app_context():
            differences = recount()
        self.close()
        return stored, tallied, differences == []

    def votes(self, count, path=f"/polls/{POLL}/vote"):
        """Requests of that many fresh readers, whose browsers carry the cookie already."""
        signer = Signer(SECRET, salt="voter cookie")
        options = self.option_ids()
        return [
            request(
                "POST",
                path,
                headers=[
                    ("Sec-Fetch-Site", "same-origin"),
                    ("Cookie", f"voter={signer.sign(new_token()).decode()}"),
                ],
                body=f"option={options[number % len(options)]}".encode(),
            )
            for number in range(count)
        ]

    @contextmanager
    def serving(self, factory="poll_app.wsgi:application", *, workers=2, preload=None):
        """A server process group with this many workers; yields its port and its process."""
        port = free_port()
        environment = {**os.environ, **self.environment, "PYTHONPATH": str(ROOT)}
        if preload:
            environment["LD_PRELOAD"] = str(preload)
        server = subprocess.Popen(
            [sys.executable, "-c", _SERVE, factory, str(port), str(workers)],
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            _await_port(port, server)
            yield port, server
        finally:
            if server.poll() is None:
                server.terminate()
                with suppress(subprocess.TimeoutExpired):
                    server.wait(30)
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


_SERVE = (
    "import sys; from poll_app.web.serve import serve_forever; "
    "serve_forever(sys.argv[1], host='127.0.0.1', port=int(sys.argv[2]), workers=int(sys.argv[3]))"
)


def fresh_postgresql(url):
    """Empties the PostgreSQL database at this address."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await_port(port, server):
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                break
        except OSError:
            time.sleep(0.1)
    time.sleep(1.0)  # every worker has loaded the application
