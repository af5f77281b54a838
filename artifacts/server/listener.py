"""The port: who is let in, and who has to go for it."""

from __future__ import annotations

import errno
import resource
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

# How long the loop sleeps at most: until a signal is seen, and a worker that died.
_LOOP_S = 0.25
# How often connections are looked at.
_LOOK_S = 0.5
# For so long a client may say nothing although others are waiting.
_FRESH_S = 0.5
# Threads that still work when the server has ended its connections.
_THREADS_END_S = 1.0


class PortTaken(Exception):
    """The port cannot be listened at; the text is a sentence."""


class Server(TcpWSGIServer):  # type: ignore[misc]  # no types
    """Answers HTTP on one address. Binds at once, listens when it is told to."""

    channel_class = Channel

    def __init__(self, host: str, port: int) -> None:
        """Take the port.

        Raises:
            PortTaken: somebody else has it, or it may not be had.
        """
        adjustments = Adjustments(
            host=host,
            port=port,
            max_request_header_size=HEADERS_MAX_BYTES,
            # Whatever is longer than this is refused by waitress, not by `intake.py`.
            max_request_body_size=UPLOAD_MAX_BYTES + 1,
            inbuf_overflow=BODY_IN_MEMORY_MAX_BYTES,
            outbuf_overflow=ANSWER_IN_MEMORY_MAX_BYTES,
            expose_tracebacks=False,
            ident=None,
            log_socket_errors=False,
        )
        self._address = f"{host}:{port}"
        self._looked_at = 0.0
        self._has_room = True
        try:
            super().__init__(None, _start=False, dispatcher=_Threads(), adj=adjustments)
        except OSError as error:
            raise self._taken(error) from error

    def open(self, application: Callable[..., Any], threads: int) -> None:
        """Let clients in.

        Raises:
            PortTaken: somebody else did so in the meantime.
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
            meanwhile: is called a few times a second, in this thread.
        """
        while not is_over():
            self._look_after(time.monotonic())
            meanwhile()
            self._poll(_LOOP_S)

    def stop(self) -> None:
        """Let nobody in any more, finish what is being answered, and end; takes a few seconds."""
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
        """Whether somebody may be let in now; others wait in the kernel."""
        return bool(self.accepting) and self._has_room

    def _poll(self, seconds: float) -> None:
        """Read, write and let in what there is."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def _look_after(self, now: float) -> None:
        """End connections whose clients take too long, and make room for new ones.

        Between two polls: a connection that is closed among the events of one gives its number to
        the next, which would be taken for it.
        """
        if now - self._looked_at >= _LOOK_S:
            self._looked_at = now
            for channel in list(self.active_channels.values()):
                channel.look_after(now)
        self._has_room = len(self.active_channels) < CONNECTIONS_MAX
        if not self._has_room:
            self._make_room(now)

    def _make_room(self, now: float) -> None:
        """Close who has waited longest, once somebody new is here; say whether one more may come.

        Not who has just come: he will say at once what he wants.
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
        """Give up; returns the sentence for a port that cannot be had."""
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


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc]  # no types
    """Threads that answer; a full queue is told by the connections' times, not by a line each."""

    class queue_logger:  # noqa: N801  (waitress's name for it)
        """Says nothing."""

        @staticmethod
        def warning(*_: object) -> None:
            """Say nothing."""


def _allow_files(wanted: int) -> None:
    """Let this process have more files open than a shell allows, as far as it may itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
