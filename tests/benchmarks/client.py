"""A small load generator: many keep-alive connections, one request at a time each, exact counts.

Requests are whole byte strings made beforehand, so that the client costs little beside the server on
the same machine. Nothing is retried: what was not answered counts as unknown.
"""

import asyncio
import time
from dataclasses import dataclass, field

TIMEOUT_S = 30.0


@dataclass
class Report:
    """What came back: latencies in seconds of the answered requests, their statuses, the time all
    of it took, and how many requests got no answer."""

    latencies_s: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)
    seconds: float = 0.0
    unknown: int = 0

    @property
    def answered(self):
        return len(self.latencies_s)

    @property
    def per_second(self):
        return self.answered / self.seconds if self.seconds else 0.0

    def percentile_ms(self, share):
        """The latency that `share` (0 to 1) of the answers did not exceed, in milliseconds."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


class _Connection(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.received = bytearray()
        self.answer = None

    def data_received(self, data):
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0 or self.answer is None or self.answer.done():
            return
        head = bytes(self.received[:end]).lower()
        at = head.find(b"\r\ncontent-length:")
        length = (
            int(head[at + 17 : head.find(b"\r\n", at + 2) if b"\r\n" in head[at + 2 :] else None])
            if at >= 0
            else 0
        )
        if len(self.received) >= end + 4 + length:
            self.received.clear()
            self.answer.set_result(int(head[9:12]))

    def connection_lost(self, _error):
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionResetError())


async def _send_all(port, requests, connections):
    loop = asyncio.get_running_loop()
    report, waiting = Report(), iter(requests)

    async def work():
        connection = None
        for request in waiting:
            started = time.perf_counter()
            try:
                if connection is None:
                    _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
                connection.answer = loop.create_future()
                connection.transport.write(request)
                status = await asyncio.wait_for(connection.answer, TIMEOUT_S)
            except (TimeoutError, OSError):
                report.unknown += 1
                connection = None
                continue
            report.latencies_s.append(time.perf_counter() - started)
            report.statuses[status] = report.statuses.get(status, 0) + 1
        if connection is not None:
            connection.transport.close()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    report.seconds = time.perf_counter() - started
    return report


def send_all(port, requests, *, connections=64):
    """Sends every request once over that many connections to 127.0.0.1; returns the Report."""
    return asyncio.run(_send_all(port, requests, connections))


def request(method, path, *, headers=(), body=b""):
    """The bytes of one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers)]
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
