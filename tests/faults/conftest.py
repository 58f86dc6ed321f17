"""A seed that is printed, ports that no outgoing connection takes, a site and its ledger."""

import os
import random
import socket
import threading
from pathlib import Path

import pytest

from tests.benchmarks import site as site_module
from tests.benchmarks.site import Site
from tests.faults.ledger import Ledger

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.fault)


@pytest.fixture(autouse=True)
def seed():
    """Of everything random in a test; POLL_FAULT_SEED repeats one."""
    chosen = int(os.environ.get("POLL_FAULT_SEED") or random.SystemRandom().randrange(10**6))
    print(f"POLL_FAULT_SEED={chosen}")
    random.seed(chosen)
    return chosen


def low_port():
    """A free port below those of outgoing connections: a client that knocks where nobody listens
    yet can't meet itself there."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@pytest.fixture(autouse=True)
def low_ports(monkeypatch):
    monkeypatch.setattr(site_module, "free_port", low_port)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "site")


@pytest.fixture
def ledger(site):
    return Ledger(site)


@pytest.fixture
def root():
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = threading.active_count()
    yield
    assert threading.active_count() <= before
