"""Stand-ins that answer in a component's place, with the errors that the real one gives."""

import asyncio
import struct
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import cast

from tests.faults.proxy import StandIn

END_OF_HEAD = b"\r\n\r\n"
_CHUNK_BYTES = 65_536
# PostgreSQL, "Message Formats": requests for encryption come before the startup message.
_ENCRYPTION_REQUESTS = (80877103, 80877104)


def http(status: int, body: str = "", content_type: str = "text/html", **headers: str) -> StandIn:
    """Answer every request with one thing."""
    stated = {"Content-Type": content_type, "Content-Length": str(len(body.encode()))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(END_OF_HEAD)
        fields = _fields(head)
        # Who waits to be told to go on (boto3) is told the answer instead.
        if "expect" not in fields:
            await reader.readexactly(int(fields.get("content-length", "0")))
        lines = [f"HTTP/1.1 {status} As told", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in stated.items()]
        text = "" if head.startswith(b"HEAD") else body
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + text).encode())
        await writer.drain()

    return answer


def s3_error(status: int, code: str, *, server_ahead_s: float = 0.0) -> StandIn:
    """Answer as S3 does when it refuses (Amazon S3 API, "Error responses").

    Args:
        server_ahead_s: how far the server's clock is before ours.
    """
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=server_ahead_s), usegmt=True)
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>No.</Message></Error>'
    return http(status, body, "application/xml", Date=date)


def full_bucket(place: tuple[str, int]) -> StandIn:
    """Refuse to write, as a server whose disk is full, and pass on everything else.

    Args:
        place: host and port of the real server.

    Source: MinIO, "Error codes": XMinioStorageFull, 507.
    """
    refuse = s3_error(507, "XMinioStorageFull")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(END_OF_HEAD)
        method, path, _ = head.split(b" ", 2)
        if method in (b"PUT", b"POST") and not path.endswith(b"?delete"):
            await refuse(_begun_with(head, reader), writer)
            return
        theirs, to_them = await asyncio.open_connection(*place)
        # One request a connection, so that the next one is looked at as well.
        to_them.write(head.replace(END_OF_HEAD, b"\r\nConnection: close" + END_OF_HEAD))
        to_them.write(await reader.readexactly(int(_fields(head).get("content-length", "0"))))
        while chunk := await theirs.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
        to_them.close()

    return answer


class _Again:
    """A reader whose head was read already, and is read once more."""

    def __init__(self, head: bytes, reader: asyncio.StreamReader) -> None:
        self._head, self.readexactly = head, reader.readexactly

    async def readuntil(self, _separator: bytes) -> bytes:
        return self._head


def _begun_with(head: bytes, reader: asyncio.StreamReader) -> asyncio.StreamReader:
    return cast("asyncio.StreamReader", _Again(head, reader))


def lambda_error(status: int, kind: str) -> StandIn:
    """Answer as Lambda does when it refuses (AWS Lambda API, "Invoke")."""
    return http(status, '{"Type": "User", "message": "No."}', "application/json",
                x_amzn_ErrorType=kind)  # fmt: skip


def postgres_refusal(sqlstate: str, message: str) -> StandIn:
    """Refuse every connection, as a server does that has no room or starts up.

    Source: PostgreSQL documentation, "Message Flow", "Start-up" and "ErrorResponse".
    """
    fields = {"S": "FATAL", "V": "FATAL", "C": sqlstate, "M": message}
    body = b"".join(key.encode() + text.encode() + b"\0" for key, text in fields.items()) + b"\0"

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length, code = struct.unpack("!ii", await reader.readexactly(8))
        while code in _ENCRYPTION_REQUESTS:
            writer.write(b"N")
            length, code = struct.unpack("!ii", await reader.readexactly(8))
        await reader.readexactly(length - 8)
        writer.write(b"E" + struct.pack("!i", len(body) + 4) + body)
        await writer.drain()

    return refuse


def _fields(head: bytes) -> dict[str, str]:
    """Return the header fields of a request, by their names in lower case."""
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":")[::2] for line in lines if line)
    return {name.strip().lower(): value.strip() for name, value in pairs}
