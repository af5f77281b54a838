"""A door in front of one component, at which the component can be lost in several ways.

While it is `open` the proxy passes bytes on. It can be `stopped` (connections are refused, those
that there are break), `silent` (connections are taken, and nothing comes; those that there are
stop where they are), and `speaking` (a stand-in answers in the component's place, with errors).
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress

StandIn = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
CHUNK_BYTES = 65_536
BACKLOG = 128
# Lingering for no time: a socket that is closed is reset (socket(7)).
AT_ONCE = struct.pack("ii", 1, 0)


class Proxies:
    """The loop that all proxies of a run share, on a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies", daemon=True)
        self._thread.start()
        self._proxies: list[Proxy] = []

    def to(self, host: str, port: int) -> "Proxy":
        """Open a door to a component."""
        proxy = Proxy(self._loop, host, port)
        proxy.open()
        self._proxies.append(proxy)
        return proxy

    def close(self) -> None:
        for proxy in self._proxies:
            proxy.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Proxy:
    """One door. Its methods are called from other threads and return when they have taken hold."""

    def __init__(self, loop: asyncio.AbstractEventLoop, host: str, port: int) -> None:
        self._loop = loop
        self.place = host, port
        self.target = f"http://{host}:{port}"
        self._stand_in: StandIn | None = None
        self._listener: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self._flows = asyncio.Event()
        self._reserved = _bound(0)
        self.port: int = self._reserved.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def open(self) -> None:
        """Pass everything on; what a silent door held back comes through as well."""
        self._do(self._change(listens=True, flows=True))

    def stop(self) -> None:
        """Refuse connections, and break those that there are."""
        self._do(self._change(listens=False, flows=True, breaks=True))

    def fall_silent(self) -> None:
        """Take connections and say nothing; those that there are stop where they are."""
        self._do(self._change(listens=True, flows=False))

    def speak(self, stand_in: StandIn) -> None:
        """Let a stand-in answer from now on, and break the connections that there are."""
        self._do(self._change(listens=True, flows=True, breaks=True, stand_in=stand_in))

    def close(self) -> None:
        """Be gone for good."""
        self.stop()
        self._reserved.close()

    def _do(self, change: Awaitable[None]) -> None:
        asyncio.run_coroutine_threadsafe(_awaited(change), self._loop).result(timeout=10)

    async def _change(
        self, *, listens: bool, flows: bool, breaks: bool = False, stand_in: StandIn | None = None
    ) -> None:
        self._stand_in = stand_in
        if flows:
            self._flows.set()
        else:
            self._flows.clear()
        if not listens and self._listener is not None:
            self._listener.close()
            self._listener = None
        if breaks:
            await self._break_all()
        if listens and self._listener is None:
            listening = _bound(self.port)
            self._listener = await asyncio.start_server(
                self._serve, sock=listening, backlog=BACKLOG
            )

    async def _break_all(self) -> None:
        """End every connection at once, as a machine that dies does (RST, not FIN)."""
        tasks = list(self._connections)
        for task, writers in list(self._connections.items()):
            for writer in writers:
                opened = writer.get_extra_info("socket")
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                writer.transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection, in the way that holds when its first bytes come."""
        task = asyncio.current_task()
        assert task is not None
        writers = self._connections.setdefault(task, [writer])
        try:
            await self._flows.wait()
            if self._stand_in is not None:
                await self._stand_in(reader, writer)
            else:
                theirs, to_them = await asyncio.open_connection(*self.place)
                writers.append(to_them)
                await _first_to_end(self._pump(reader, to_them), self._pump(theirs, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # Either side hung up, or the connection was broken on purpose.
        finally:
            self._connections.pop(task, None)
            for each in writers:
                each.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes on in one direction while they flow."""
        while chunk := await reader.read(CHUNK_BYTES):
            await self._flows.wait()
            writer.write(chunk)
            await writer.drain()


async def _first_to_end(*directions: Awaitable[None]) -> None:
    """Run both directions until one ends: what it had is passed on by then."""
    tasks = [asyncio.ensure_future(each) for each in directions]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


async def _awaited(change: Awaitable[None]) -> None:
    await change


def _bound(port: int) -> socket.socket:
    """Return a socket that has a port of loopback, and does not listen yet.

    With the option on both, one socket can keep the port while another comes and goes.
    """
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
