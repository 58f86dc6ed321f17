"""PostgreSQL servers of a test's own, made, stopped, killed and promoted by its own programs."""

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import low_port
from tests.faults.servers import await_that

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "fsync": "off",  # processes are killed here, not the machine
    "wal_level": "replica",
}


class Cluster:
    """One PostgreSQL server in a folder of its own; `conninfo` for programs, `url` for the app."""

    def __init__(self, folder, name):
        self.name = name
        self.port = low_port()
        self.data = folder / name
        self.log = folder / f"{name}.log"
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.conninfo = f"host=127.0.0.1 port={self.port} user=postgres"

    def make(self):
        _run("initdb", "-D", self.data, "--auth=trust", "-U", "postgres", "-E", "UTF8", "--no-sync")

    def copy_from(self, primary):
        """Becomes its standby, under the name that `synchronous_standby_names` may give."""
        source = f"{primary.conninfo} application_name={self.name}"
        _run("pg_basebackup", "-D", self.data, "-R", "-d", source, "--no-sync", "-c", "fast")

    def start(self, **settings):
        given = {**_SETTINGS, "port": self.port, **settings}
        options = " ".join(f"-c {name}='{value}'" for name, value in given.items())
        _run("pg_ctl", "-D", self.data, "-w", "-l", self.log, "-o", options, "start")

    def stop(self, mode="immediate"):
        _run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def kill(self):
        """kill -9 of every process of it."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["pgrep", "-P", str(main)], capture_output=True, text=True, check=False
        ).stdout.split()
        for pid in (str(main), *children):
            subprocess.run(["kill", "-9", pid], check=False, capture_output=True)
        await_that(lambda: not Path(f"/proc/{main}/exe").exists(), within_s=5)

    def set_standbys(self, names):
        """Commits wait for one of these from now on."""
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.ask("SELECT pg_reload_conf()")

    def promote(self):
        _run("pg_ctl", "-D", self.data, "-w", "promote")

    def ask(self, statement):
        done = _run("psql", self.conninfo, "-AtXc", statement, capture_output=True, text=True)
        return done.stdout.strip()


@contextmanager
def clusters(*names):
    """Clusters with these names, the first one running; all gone afterwards."""
    if not _FOLDERS or shutil.which("runuser") is None:
        pytest.skip("the programs of a PostgreSQL server are not here")
    folder = Path(tempfile.mkdtemp(prefix="poll_app_pg_"))
    shutil.chown(folder, "postgres")
    made = [Cluster(folder, name) for name in names]
    try:
        made[0].make()
        made[0].start()
        yield made
    finally:
        for cluster in made:
            if (cluster.data / "postmaster.pid").exists():
                subprocess.run(
                    _command("pg_ctl", "-D", cluster.data, "-m", "immediate", "stop"),
                    check=False,
                    capture_output=True,
                )
        shutil.rmtree(folder)


def _command(program, *arguments):
    return ["runuser", "-u", "postgres", "--", _FOLDERS[-1].parent / program, *arguments]


def _run(program, *arguments, **how):
    how = how or {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run(
        _command(program, *map(str, arguments)), check=True, timeout=60, cwd="/", **how
    )
