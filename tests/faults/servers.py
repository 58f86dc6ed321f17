"""The processes of a running server: who they are, and an end without mercy."""

import os
import signal
import time
from pathlib import Path


def workers_of(server):
    """The process ids of the workers that the main process runs now."""
    return [
        pid
        for pid, (parent, state) in _processes().items()
        if parent == server.pid and state != "Z"
    ]


def kill_group(server):
    """kill -9 of every process of the server; returns once none of them runs."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    await_that(lambda: not group_of(server), within_s=10)


def group_of(server):
    """The processes of the server's group that still run."""
    return [
        pid
        for pid, (_, state) in _processes().items()
        if state != "Z" and _group(pid) == server.pid
    ]


def await_that(is_so, *, within_s):
    """Returns the seconds until it is so."""
    started = time.monotonic()
    while not is_so():
        if time.monotonic() - started > within_s:
            raise AssertionError(f"not within {within_s} s")
        time.sleep(0.02)
    return time.monotonic() - started


def _group(pid):
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _processes():
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            except OSError:
                continue
            found[int(folder.name)] = int(parent), state
    return found
