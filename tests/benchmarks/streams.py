"""A load generator for reads that are quick: each connection asks for many pages at a time (HTTP
pipelining), so that the client costs the machine little beside a server that answers from memory."""

import selectors
import socket
import time

CONNECTIONS = 16
DEPTH = 16


class _Stream:
    """One connection that asks for the same requests round and round."""

    def __init__(self, port, requests):
        rounds = [requests[i % len(requests)] for i in range(max(DEPTH, len(requests)))]
        self.chunks = [b"".join(rounds[i : i + DEPTH]) for i in range(0, len(rounds), DEPTH)]
        self.counts = [len(rounds[i : i + DEPTH]) for i in range(0, len(rounds), DEPTH)]
        self.number = self.awaited = 0
        self.received = bytearray()
        self.connection = socket.create_connection(("127.0.0.1", port))

    def ask(self):
        self.awaited = self.counts[self.number]
        self.connection.sendall(self.chunks[self.number])
        self.number = (self.number + 1) % len(self.chunks)

    def take(self):
        """Reads what has come; returns how many whole answers were in it. Every one must be a 200."""
        more = self.connection.recv(1 << 18)
        if not more:
            raise ConnectionResetError
        received = self.received
        received += more
        at = answers = 0
        while (end := received.find(b"\r\n\r\n", at)) >= 0:
            if received[at + 9 : at + 12] != b"200":
                raise RuntimeError(bytes(received[at:end]).decode("latin-1"))
            named = received.find(b"ontent-length: ", at, end)
            if named < 0:
                named = received.find(b"ontent-Length: ", at, end)
            stated = received[named + 15 : received.find(b"\r\n", named)]
            if len(received) < end + 4 + int(stated):
                break
            at = end + 4 + int(stated)
            answers += 1
        del received[:at]
        self.awaited -= answers
        return answers


def answers_per_second(port, requests, *, seconds):
    """How many answers a second come. Connections share the requests out among themselves, so that
    no two ask for the same page at a time if there are enough different ones."""
    shares = [requests[i::CONNECTIONS] or requests for i in range(CONNECTIONS)]
    streams = [_Stream(port, share) for share in shares]
    with selectors.DefaultSelector() as ready:
        for stream in streams:
            ready.register(stream.connection, selectors.EVENT_READ, stream)
            stream.ask()
        answers, started = 0, time.perf_counter()
        open_ones = len(streams)
        while open_ones:
            for key, _ in ready.select(30) or _nothing_came():
                stream = key.data
                answers += stream.take()
                if stream.awaited == 0:
                    if time.perf_counter() - started < seconds:
                        stream.ask()
                    else:
                        ready.unregister(stream.connection)
                        stream.connection.close()
                        open_ones -= 1
        return answers / (time.perf_counter() - started)


def _nothing_came():
    raise TimeoutError("no answer for 30 s")
