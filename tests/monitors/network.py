"""A network of a company, and of a cloud, inside one namespace: names, certificates, servers.

Whoever uses it has entered a network of its own (`asked.py`), so that these addresses and ports are
free, a server may really listen where clouds keep credentials, and names lead where tests want.
"""

import datetime as dt
import fcntl
import json
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

INSIDE, METADATA, LOOPBACK = "10.9.9.9", "169.254.169.254", "127.0.0.1"
# By name, the addresses of each answer; the last is given from then on.
NAMES: dict[str, list[list[str]]] = {
    "policy.example.com": [[INSIDE]],
    "other.example.com": [[INSIDE]],
    # Not in the certificate.
    "impostor.example.com": [[INSIDE]],
    "metadata.example.com": [[METADATA]],
    "mixed.example.com": [[INSIDE, METADATA]],
    # For each place one of its own, since what counts is who looks first.
    "here.rebound.example.com": [[INSIDE], [METADATA]],
    "function.rebound.example.com": [[INSIDE], [METADATA]],
    "loop.example.com": [[LOOPBACK]],
}
CERTIFIED = sorted({*NAMES, "localhost"} - {"impostor.example.com"})
# The one at this port has a certificate by an authority that nobody knows.
UNKNOWN_PORT = 9443
LISTENING = (
    (INSIDE, 443),
    (INSIDE, 8443),
    (INSIDE, UNKNOWN_PORT),
    (METADATA, 443),
    (LOOPBACK, 443),
)
_SET_ADDRESS, _SET_MASK, _SET_FLAGS = 0x8916, 0x891C, 0x8914
_UP = 0x41


def bring_up() -> None:
    """Give the network's only device its addresses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))
        for number, address in enumerate((INSIDE, METADATA)):
            name = f"lo:{number}".encode()
            for call, value in ((_SET_ADDRESS, address), (_SET_MASK, "255.255.255.255")):
                place = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(value))
                fcntl.ioctl(control, call, struct.pack("16s", name) + place)


class _Names(socketserver.BaseRequestHandler):
    """Answers questions for addresses of IPv4 as `NAMES` has it; counts them."""

    asked: dict[str, int] = defaultdict(int)

    def handle(self) -> None:
        data, reply = self.request
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode())
            at += 1 + data[at]
        name, kind = ".".join(labels).lower(), data[at + 1 : at + 3]
        question, addresses = data[12 : at + 5], []
        if kind == b"\0\1" and name in NAMES:
            answers = NAMES[name]
            addresses = answers[min(self.asked[name], len(answers) - 1)]
            self.asked[name] += 1
        code = 0x8180 if name in NAMES else 0x8183
        header = data[:2] + struct.pack(">HHHHH", code, 1, len(addresses), 0, 0)
        records = b"".join(
            b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(each) for each in addresses
        )
        reply.sendto(header + question + records, self.client_address)


def answer_names(folder: Path) -> None:
    """Have all names looked up at a server of ours."""
    server = socketserver.ThreadingUDPServer((LOOPBACK, 53), _Names)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, text in {
        "resolv.conf": f"nameserver {LOOPBACK}\noptions timeout:1 attempts:1\n",
        "hosts": f"{LOOPBACK} localhost\n",
        "nsswitch.conf": "hosts: files dns\n",
    }.items():
        path = folder / name
        path.write_text(text)
        target = Path("/etc", name)
        if target.exists():
            subprocess.run(["/usr/bin/mount", "--bind", path, target.resolve()], check=True)


class Authority:
    """Makes certificates that whoever has `path` believes."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.path = folder / f"{name}.pem"
        authority = self._sign(self.key, [], is_authority=True)
        self.path.write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def context(self, names: Sequence[str]) -> ssl.SSLContext:
        """Return what a server of these names speaks with."""
        key = ec.generate_private_key(ec.SECP256R1())
        path = self.folder / f"{self.name}-server.pem"
        path.write_bytes(
            self._sign(key, names).public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(
        self, key: ec.EllipticCurvePrivateKey, names: Sequence[str], *, is_authority: bool = False
    ) -> x509.Certificate:
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]) if names else issuer
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(called)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        )
        if names:
            listed = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
            made = made.add_extension(listed, critical=False)
        return made.sign(self.key, hashes.SHA256())


class Service(BaseHTTPRequestHandler):
    """A policy service with its moods, by path."""

    protocol_version = "HTTP/1.1"
    # What was asked of which address: its place, method and path.
    hits: list[tuple[str, str, str]] = []

    def do_GET(self) -> None:
        address, port = self.connection.getsockname()
        place = f"{address}:{port}"
        self.hits.append((place, self.command, self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        act = getattr(self, f"do_{self.path.strip('/').partition('?')[0]}", None)
        if act is None:
            self.answer({"method": self.command, "headers": dict(self.headers)}, status=404)
        else:
            act(body)

    do_POST = do_PUT = do_HEAD = do_GET

    def answer(self, content: object, *, status: int = 200, **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_decide(self, body: bytes) -> None:
        self.answer({"allowed": json.loads(body)["who"] == "ada"})

    def do_elsewhere(self, _body: bytes) -> None:
        self.answer("", status=302, Location="https://other.example.com/")

    def do_nothing(self, _body: bytes) -> None:
        self.send_response(204)
        self.end_headers()

    def do_long(self, _body: bytes) -> None:
        self.answer("x" * 300_000)

    def do_slow(self, _body: bytes) -> None:
        time.sleep(20)

    def do_odd(self, _body: bytes) -> None:
        self.answer("", status=999)

    def do_endless(self, _body: bytes) -> None:
        self._pour(b"x" * 60_000, 0)

    def do_drip(self, _body: bytes) -> None:
        self._pour(b"x", 0.2)

    def _pour(self, piece: bytes, pause_s: float) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for _ in range(10_000):
                self.wfile.write(piece)
                time.sleep(pause_s)
        except OSError:
            self.close_connection = True

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_args: object) -> None:
        """Clients go away; that is no matter."""


def serve(folder: Path) -> Path:
    """Start all servers; return the authority's certificate."""
    known, unknown = Authority(folder, "company"), Authority(folder, "stranger")
    for address, port in LISTENING:
        authority = unknown if port == UNKNOWN_PORT else known
        server = _Server((address, port), Service)
        context = authority.context(CERTIFIED)
        # Hands are shaken in the connection's own thread: a silent client keeps nobody waiting.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return known.path
