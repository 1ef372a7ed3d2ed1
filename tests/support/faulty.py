"""A server over plain sockets that fails in a chosen way, and counts what it was sent."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DRIP_SECONDS = 0.02


class Connection:
    """One connection to a faulty server, as its behaviour sees it."""

    def __init__(self, server: FaultyServer, conn: socket.socket) -> None:
        self._server = server
        self._conn = conn

    def request(self) -> None:
        """Read one request wholly, and keep it."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
        while len(body) < length:
            body += self._more()
        self._server.requests.append(head + b"\r\n\r\n" + body)
        self._server.requested.set()

    def _more(self) -> bytes:
        received = self._conn.recv(65_536)
        if not received:
            raise ConnectionError
        return received

    @property
    def ended(self) -> bool:
        """Whether the server is to end."""
        return self._server.ended.is_set()

    @property
    def received(self) -> bytes:
        """The last request that the server read."""
        return self._server.requests[-1]

    def send(self, data: bytes) -> None:
        self._conn.sendall(data)

    def answer(self, status: int, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> None:
        given = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
        lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in given.items())]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def stall(self) -> None:
        """Say nothing until the other end closes, or the server ends."""
        self._conn.settimeout(0.02)
        while not self._server.ended.is_set():
            with suppress(TimeoutError):
                if not self._conn.recv(1):
                    self._server.left.set()
                    return

    def drip(self) -> None:
        """One byte after the other until the other end closes, or the server ends."""
        while not self._server.ended.wait(DRIP_SECONDS):
            self.send(b" ")

    def finish(self) -> None:
        """Close in good order, with what was sent before on its way."""
        self._conn.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        self._conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._conn.close()


Behaviour = Callable[[Connection], None]


class FaultyServer:
    """The n-th connection gets the n-th behaviour, those after the last one the last.

    requests: each as it came; requested: set with the first; left: set when the other end closes a stalled connection.
    """

    def __init__(self, *behaviours: Behaviour, tls: bool = False) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.requested, self.left, self.ended = threading.Event(), threading.Event(), threading.Event()
        self._behaviours = behaviours
        self._context = certificate() if tls else None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def end(self) -> None:
        self.ended.set()
        # Closing alone does not wake the thread that accepts.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self._listening.accept()
            except OSError:
                return
            behaviour = self._behaviours[min(self.connections, len(self._behaviours) - 1)]
            self.connections += 1
            self._threads.append(threading.Thread(target=self._serve, args=(conn, behaviour)))
            self._threads[-1].start()

    def _serve(self, conn: socket.socket, behaviour: Behaviour) -> None:
        with suppress(OSError), conn:
            conn.settimeout(10)
            if self._context is None:
                behaviour(Connection(self, conn))
                return
            with self._context.wrap_socket(conn, server_side=True) as secured:
                behaviour(Connection(self, secured))


@contextmanager
def faulty(*behaviours: Behaviour, tls: bool = False) -> Iterator[FaultyServer]:
    """A faulty server for the length of a with block."""
    server = FaultyServer(*behaviours, tls=tls)
    try:
        yield server
    finally:
        server.end()


@cache
def certificate() -> ssl.SSLContext:
    """A server's context with a certificate for 127.0.0.1 that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pem"
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(pem + signed.public_bytes(Encoding.PEM))
        context.load_cert_chain(file)
    return context
