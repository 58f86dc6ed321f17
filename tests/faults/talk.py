"""Plain talk with a server on a socket: one request and its answer, or as badly as a test likes."""

import socket

from tests.benchmarks import client


def status_and_headers(port, method="GET", path="/", *, request=None, timeout_s=30):
    """One request on a connection of its own: the status and the headers (names in lower case)."""
    with socket.create_connection(("127.0.0.1", port), timeout_s) as connection:
        connection.settimeout(timeout_s)
        connection.sendall(request or client.request(method, path))
        received = b""
        while b"\r\n\r\n" not in received:
            more = connection.recv(65_536)
            if not more:
                raise ConnectionResetError
            received += more
    first, *lines = received.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]), {name.lower(): value for name, value in headers.items()}
