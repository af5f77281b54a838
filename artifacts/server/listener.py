"""The port: which connections are accepted, and which are closed to make room for them."""

from __future__ import annotations

import errno
import math
import resource
import threading
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from artifacts.limits import (
    ANSWER_IN_MEMORY_MAX_BYTES,
    BODY_IN_MEMORY_MAX_BYTES,
    CONNECTIONS_MAX,
    HEADERS_MAX_BYTES,
    OPEN_FILES_WANTED,
    SERVER_GRACE_S,
    UPLOAD_MAX_BYTES,
)
from artifacts.server.channel import CLOSED_FOR_OTHERS, TAKING, Channel, State

# The longest sleep of the loop: after it, a signal is noticed.
_LOOP_S = 0.25
# How often connections and the worker are checked.
_LOOK_S = 0.5
# How long a client may be silent while others are waiting.
_FRESH_S = 0.5
# How long threads may still work after the server has ended its connections.
_THREADS_END_S = 1.0


class PortTaken(Exception):
    """The server cannot listen on the port; the text is a sentence."""


class Server(TcpWSGIServer):  # type: ignore[misc]  # no types
    """Answers HTTP on one address. It binds at once, and listens after `open`."""

    channel_class = Channel

    def __init__(self, host: str, port: int) -> None:
        """Bind the port.

        Raises:
            PortTaken: another process has the port, or it may not be used.
        """
        adjustments = Adjustments(
            host=host,
            port=port,
            max_request_header_size=HEADERS_MAX_BYTES,
            # waitress itself, not `intake.py`, refuses what is longer than this.
            max_request_body_size=UPLOAD_MAX_BYTES + 1,
            inbuf_overflow=BODY_IN_MEMORY_MAX_BYTES,
            outbuf_overflow=ANSWER_IN_MEMORY_MAX_BYTES,
            expose_tracebacks=False,
            ident=None,
            log_socket_errors=False,
        )
        self._address = f"{host}:{port}"
        self._looked_at = -math.inf
        self._has_room = True
        try:
            super().__init__(None, _start=False, dispatcher=_Threads(), adj=adjustments)
        except OSError as error:
            raise self._taken(error) from error

    def open(self, application: Callable[..., Any], threads: int) -> None:
        """Begin to accept clients.

        Raises:
            PortTaken: another process took the port meanwhile.
        """
        _allow_files(OPEN_FILES_WANTED)
        self.application = application
        self.task_dispatcher.set_thread_count(threads)
        try:
            self.accept_connections()
        except OSError as error:
            raise self._taken(error) from error

    def serve(self, is_over: Callable[[], bool], meanwhile: Callable[[], None]) -> None:
        """Serve until it is over.

        Args:
            meanwhile: called about twice a second, in this thread.
        """
        while not is_over():
            if self._look_after(time.monotonic()):
                meanwhile()
            self._poll(_LOOP_S)

    def stop(self) -> None:
        """Accept no more clients, finish running requests, and end; this takes a few seconds."""
        ends_at = time.monotonic() + SERVER_GRACE_S
        self.accepting = False
        wasyncore.dispatcher.close(self)
        while self.active_channels and time.monotonic() < ends_at:
            for channel in list(self.active_channels.values()):
                if channel.state not in (State.WORKING, *TAKING):
                    channel.handle_close()
            self._poll(_LOOP_S / 5)
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        self.task_dispatcher.shutdown(timeout=_THREADS_END_S)
        self.trigger.close()

    def readable(self) -> bool:
        """Say whether a client may be accepted now; others wait in the kernel."""
        return bool(self.accepting) and self._has_room

    def _poll(self, seconds: float) -> None:
        """Read, write and accept what is ready."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def _look_after(self, now: float) -> bool:
        """End connections whose clients take too long, and make room for new ones.

        This happens between two polls: if a connection were closed among the events of one poll, a
        new connection could get its file descriptor and be taken for it.

        Returns:
            Whether the connections were looked at: the loop turns several times for each request.
        """
        is_time = now - self._looked_at >= _LOOK_S
        if is_time:
            self._looked_at = now
            for channel in list(self.active_channels.values()):
                channel.look_after(now)
        self._has_room = len(self.active_channels) < CONNECTIONS_MAX
        if not self._has_room:
            self._make_room(now)
        return is_time

    def _make_room(self, now: float) -> None:
        """Close the connections that wait longest while there are too many; update `_has_room`.

        New connections are spared, since their request is about to arrive.
        """
        waiting = sorted(
            (
                channel
                for channel in self.active_channels.values()
                if channel.state in CLOSED_FOR_OTHERS and now - channel.waits_since > _FRESH_S
            ),
            key=lambda channel: (channel.state != State.KEPT, channel.waits_since),
        )
        too_many = len(self.active_channels) - CONNECTIONS_MAX
        for channel in waiting[:too_many]:
            channel.handle_close()
        self._has_room = len(waiting) > too_many

    def _taken(self, error: OSError) -> PortTaken:
        """Give up; return the error for a port that cannot be used."""
        wasyncore.dispatcher.close(self)
        self.trigger.close()
        if error.errno == errno.EADDRINUSE:
            reason = "Another program listens there, perhaps this registry: end that"
        else:
            reason = f"It cannot be had ({error.strerror}): run as who may have it"
        return PortTaken(
            f"The registry cannot listen at {self._address}. {reason}, or name another port with "
            "PORT."
        )


class _LastFirst:
    """A condition of which the thread that began to wait last is woken first.

    Its connection to the database and the pages that it has read are still at hand. In turns, every
    one of 32 threads would begin each request with what it did thirty requests ago.
    """

    def __init__(self, lock: threading.Lock) -> None:
        """Keep the lock, which whoever calls a method holds."""
        self._lock = lock
        self._waiting: list[threading.Lock] = []

    def wait(self) -> None:
        """Let go of the lock until woken, and take it again."""
        bell = threading.Lock()
        bell.acquire()
        self._waiting.append(bell)
        self._lock.release()
        try:
            bell.acquire()
        finally:
            self._lock.acquire()

    def notify(self) -> None:
        """Wake one thread, if any waits."""
        if self._waiting:
            self._waiting.pop().release()

    def notify_all(self) -> None:
        """Wake all that wait."""
        while self._waiting:
            self.notify()


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc]  # no types
    """Threads that answer. They do not log a full queue: the durations of requests show it."""

    def __init__(self) -> None:
        """Begin with no thread."""
        super().__init__()
        self.queue_cv = _LastFirst(self.lock)

    class queue_logger:  # noqa: N801  (waitress's name for it)
        """Logs nothing."""

        @staticmethod
        def warning(*_: object) -> None:
            """Log nothing."""


def _allow_files(wanted: int) -> None:
    """Raise the limit of open files above the shell's, as far as this process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
