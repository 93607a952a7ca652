"""HTTP/1.1 over one kept-alive connection with as little of Python as can be: the load must not be what is measured."""

import socket
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 120
BUFFER_BYTES = 1024 * 1024


class Connection:
    """A connection to one endpoint, for one thread. A context manager: leaving it closes the connection."""

    def __init__(self, endpoint: str) -> None:
        address = urlsplit(endpoint)
        self._address = (address.hostname, address.port)
        self._buffer = bytearray(BUFFER_BYTES)
        self._socket = self._connect()

    def _connect(self) -> socket.socket:
        connected = socket.create_connection(self._address, TIMEOUT_SECONDS)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_) -> None:
        self._socket.close()

    def send(self, head: bytes, content: bytes = b"", times: int = 1) -> None:
        """Sends a request whose content is `content`, so many times over."""
        if times == 1:
            self._socket.sendall(head + content)
            return
        self._socket.sendall(head)
        for _ in range(times):
            self._socket.sendall(content)

    def receive(self, keep: bool = False) -> tuple[int, bytes]:
        """How long the answer's content is, and the content if it is to be kept. Raises RuntimeError unless the status is 2xx."""
        head, rest = self._head()
        length = _length(head)
        kept = bytearray(rest)
        got = len(rest)
        while got < length:
            count = self._socket.recv_into(self._buffer)
            if count == 0:
                raise RuntimeError(f"the connection ended {length - got} bytes before the content")
            got += count
            if keep:
                kept += self._buffer[:count]
        status = int(head[9:12])
        if not 200 <= status < 300:
            raise RuntimeError(f"status {status}: {bytes(kept[:500])!r}")
        if head.startswith(b"HTTP/1.0") or b"connection: close" in head.lower():
            self._socket.close()
            self._socket = self._connect()
        return got, bytes(kept)

    def _head(self) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            more = self._socket.recv(65536)
            if not more:
                raise RuntimeError(f"the connection ended after {received[:200]!r}")
            received += more
        head, _, rest = received.partition(b"\r\n\r\n")
        return head, rest


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
