"""A connection: what it waits for, since when, and how it ends."""

from __future__ import annotations

import socket
import time
from enum import Enum
from typing import Any, NamedTuple

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from artifacts.api.exception_handler import answer_error, internal_error
from artifacts.client_address import normal_address
from artifacts.exceptions import RequestTooSlow
from artifacts.hub.errors import redraw
from artifacts.limits import (
    CLIENT_MIN_BYTES_PER_S,
    HEADERS_TIMEOUT_S,
    IDLE_TIMEOUT_S,
    LINGER_MAX_BYTES,
    LINGER_S,
    SLOW_TRANSFER_WINDOW_S,
)
from artifacts.middleware import REQUEST_ID_HEADER, known_method, protect, write_line
from artifacts.request_id import new_request_id
from artifacts.routes.hub import API_PREFIX
from artifacts.server.intake import Intake, Refusal, in_our_words


class State(Enum):
    """What a connection waits for."""

    KEPT = "the next request"
    NEW = "the first byte"
    SENDING_HEADERS = "headers"
    SENDING_BODY = "a body that anybody may send"
    SENDING_FILE = "a body that was announced"
    WORKING = "us"
    TAKING_ANSWER = "the client to take an answer that anybody may ask for"
    TAKING_FILE = "the client to take a file that was asked for by a signed link"
    LINGERING = "the client to see that there will be no more"


# The client is receiving an answer.
TAKING = (State.TAKING_ANSWER, State.TAKING_FILE)
# States in which a connection may be closed to make room for a new one, in this order. Connections
# that were let in or wait for us are kept. Answers are short: a client slow to take one is not
# reading.
CLOSED_FOR_OTHERS = (
    State.KEPT, State.NEW, State.SENDING_HEADERS, State.SENDING_BODY, State.LINGERING,
    State.TAKING_ANSWER,
)  # fmt: skip


class Window(NamedTuple):
    """A time window in which a transfer's rate is judged: its start, and the bytes by then."""

    state: State
    began_at: float
    done_bytes: int


class RefusalTask(ErrorTask):  # type: ignore[misc]  # no types
    """Answers requests that never reach the application, in the form of its error answers.

    A commit of the Hub's clients that is too long gets an answer in the Hub's words.
    """

    def execute(self) -> None:
        """Write the answer; the connection is closed after it."""
        error = in_our_words(self.request.error) or internal_error()
        with new_request_id() as request_id:
            answer = answer_error(error)
            if str(getattr(self.request, "path", "")).startswith(API_PREFIX):
                answer = redraw(answer)
            protect(answer)
            # Neither path nor route is logged: one may hold a signed link, the other is unknown.
            write_line(
                started=self.request.began_at,
                status=answer.status_code,
                code=error.code,
                method=known_method(getattr(self.request, "command", "")),
                size_bytes=len(answer.content),
                address=normal_address(str(self.channel.addr[0])),
            )
        self.status = f"{answer.status_code} {answer.reason_phrase}"
        self.response_headers.extend([*answer.items(), (REQUEST_ID_HEADER, request_id)])
        self.set_close_on_finish()
        self.content_length = len(answer.content)
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else answer.content)


class Channel(HTTPChannel):  # type: ignore[misc]  # no types
    """A connection that no idle, slow or unresponsive client can hold open forever.

    Its times are those of the monotonic clock.
    """

    parser_class = Intake
    error_task_class = RefusalTask

    request: Intake | None
    requests: list[Intake]

    sent_bytes = 0
    window: Window | None = None
    has_answered = False
    # Whether the last request asked for a file by a signed link.
    is_sending_file = False
    # Whether a request was answered before it was read to its end.
    is_refusing = False
    # Whether a thread is handing an answer to the socket.
    is_sending = False
    lingers_since: float | None = None
    lingers_bytes = 0

    def __init__(self, *given: Any, **named: Any) -> None:
        """Begin to wait for a request."""
        # Since when the client could have sent a request; no byte of the next one is here yet.
        self.free_since = time.monotonic()
        super().__init__(*given, **named)

    @property
    def state(self) -> State:
        """The state: what this connection waits for."""
        if self.lingers_since is not None:
            return State.LINGERING
        if self.total_outbufs_len:
            return State.TAKING_FILE if self.is_sending_file else State.TAKING_ANSWER
        if self.requests:
            return State.WORKING
        if self.request is None:
            return State.KEPT if self.has_answered else State.NEW
        if not self.request.headers_finished:
            return State.SENDING_HEADERS
        return State.SENDING_FILE if self.request.is_announced else State.SENDING_BODY

    @property
    def waits_since(self) -> float:
        """Since when the connection has waited for its client."""
        if self.lingers_since is not None:
            return self.lingers_since
        request = self.request
        return self.free_since if request is None else max(self.free_since, request.began_at)

    def look_after(self, now: float) -> None:
        """End the connection if its client takes too long."""
        state, waited_s = self.state, now - self.waits_since
        is_too_slow = self._is_too_slow(state, now)
        if (
            (state in (State.KEPT, State.NEW) and waited_s > IDLE_TIMEOUT_S)
            or (state == State.LINGERING and waited_s > LINGER_S)
            or (state in TAKING and is_too_slow)
        ):
            self.handle_close()
        elif is_too_slow or (state == State.SENDING_HEADERS and waited_s > HEADERS_TIMEOUT_S):
            self._give_up()

    def _is_too_slow(self, state: State, now: float) -> bool:
        """Say whether a body or an answer has moved too little in its time window."""
        if state in (State.SENDING_BODY, State.SENDING_FILE) and self.request is not None:
            done_bytes = self.request.body_bytes_received
        elif state in TAKING:
            done_bytes = self.sent_bytes
        else:
            self.window = None
            return False
        if self.window is None or self.window.state != state:
            self.window = Window(state, now, done_bytes)
        elapsed_s = now - self.window.began_at
        if elapsed_s < SLOW_TRANSFER_WINDOW_S:
            return False
        # Each window counts alone: the bytes that the kernel buffered at once would excuse hours.
        taken_bytes = done_bytes - self.window.done_bytes
        self.window = Window(state, now, done_bytes)
        return bool(taken_bytes < CLIENT_MIN_BYTES_PER_S * elapsed_s)

    def _give_up(self) -> None:
        """Refuse a request that does not arrive in time."""
        with self.requests_lock:
            request, self.request = self.request, None
            if request is not None and not self.requests:
                request.error, request.completed = Refusal(RequestTooSlow()), True
                self.requests.append(request)
                self.server.add_task(self)

    def service(self) -> None:
        """Answer one request, in its own thread."""
        if self.requests[0].error is not None:
            self.is_refusing = True
        self.free_since, self.is_sending_file = time.monotonic(), self.requests[0].asks_for_file
        super().service()
        self.free_since, self.has_answered = time.monotonic(), True

    def writable(self) -> bool:
        """Say whether the loop should send now.

        Not what a thread is sending at this moment: the socket is ready, so the loop would turn
        without pause, and keep the interpreter from the very thread that it waits for. A thread
        that leaves something unsent wakes the loop when it is done.
        """
        return not self.is_sending and bool(super().writable())

    def _flush_some(self, do_close: bool = True) -> bool:  # noqa: FBT001, FBT002  (waitress)
        """Send as much as the socket accepts; return whether that was anything."""
        self.is_sending = True
        try:
            return bool(super()._flush_some(do_close))
        finally:
            self.is_sending = False

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002  (waitress)
        """Send what the socket accepts at once, and count it."""
        sent: int = super().send(data, do_close)
        self.sent_bytes += sent
        return sent

    # ------------------------------------------------------------------ lingering

    def readable(self) -> bool:
        """Say whether the loop should read now."""
        return self.lingers_since is not None or super().readable()

    def handle_write(self) -> None:
        """Send waiting data; after a refusal, linger."""
        if self.is_refusing and self.close_when_flushed:
            self._flush_exception(self._flush_some)
            if not self.total_outbufs_len and not self.will_close:
                self._linger()
            if not self.will_close:
                return
        super().handle_write()

    def handle_read(self) -> None:
        """Read; while lingering, discard what arrives."""
        if self.lingers_since is None:
            super().handle_read()
            return
        try:
            data = self.recv(self.adj.recv_bytes)
        except OSError:
            self.handle_close()
            return
        self.lingers_bytes += len(data)
        if self.lingers_bytes > LINGER_MAX_BYTES:
            self.handle_close()

    def _linger(self) -> None:
        """Close our direction, and wait until the client has seen the answer."""
        self.close_when_flushed = False
        self.lingers_since = time.monotonic()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.will_close = True
