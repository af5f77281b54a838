"""One formatter for all loggers: it adds the route and the request's id, and removes secrets.

Our own lines have an event's name and fields that we chose. Lines of libraries, Django included,
may hold anything: the path of a request (a signed link), SQL with its values, headers. Of those,
only the constant words and numbers are kept. The same holds for the texts of exceptions.
"""

from __future__ import annotations

import logging
import logging.config
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from pythonjsonlogger.json import JsonFormatter

from artifacts.exceptions import RegistryError
from artifacts.request_id import (
    current_request_id,
    current_route,
    get_request_id,
    get_route_pattern,
)
from artifacts.rules.secrets import WITHHELD, without_secrets, without_values
from registry_site.settings.given import read_value
from registry_site.settings.variables import VARIABLES

logger = logging.getLogger(__name__)

# The packages whose log lines are our own.
OWN = ("artifacts", "registry_site", "deployment")
_SECRETS = tuple(name for name, each in VARIABLES.items() if each.secret)
_SECRET_FIELDS = ("password", "secret", "token", "authorization", "cookie", "session", "signature")
# Attributes of every record; all others are fields of our own lines.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# The event of a line that could not be written.
LINE_FAILED = "line.failed"
_FRAMES_MAX = 40
_CHAIN_MAX = 5


class LineFormatter(JsonFormatter):
    """Writes a record as a JSON line that holds nothing secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Write what may be shown of a record; leave the record itself unchanged for others."""
        try:
            return super().format(_cleaned(record))
        except Exception as error:  # noqa: BLE001  (any error)
            # Python would print the original record, secrets included.
            return super().format(_unwritable(record, error))


def configure(given: Mapping[str, Any]) -> None:
    """Set up logging with one handler, at the root logger (LOGGING_CONFIG)."""
    logging.config.dictConfig(dict(given))
    for each in list(logging.root.manager.loggerDict.values()):
        if isinstance(each, logging.Logger):
            each.handlers.clear()
            each.propagate = True


def configure_process(given: Mapping[str, Any]) -> None:
    """Set up logging of a whole process, uncaught exceptions included."""
    configure(given)
    # Otherwise Python prints a record that it cannot write (to a closed pipe, say) with its values.
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    sys.excepthook = _note_crash
    threading.excepthook = lambda found: _note_crash(
        found.exc_type, found.exc_value, found.exc_traceback
    )
    sys.unraisablehook = lambda found: _note_crash(
        found.exc_type, found.exc_value, found.exc_traceback
    )


def _note_crash(kind: type[BaseException], error: BaseException | None, trace: Any) -> None:
    """Log an uncaught exception."""
    if issubclass(kind, SystemExit):
        return
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
        return
    logger.critical("process.crashed", exc_info=(kind, error or kind(), trace))


def known_secrets() -> Iterator[str]:
    """Yield the secrets in the settings, and in the environment where libraries read them."""
    for name in _SECRETS:
        given = getattr(settings, name, None) or read_value(name)
        yield from map(str, given if isinstance(given, list | tuple) else (given,))
    for database in settings.DATABASES.values():
        yield str(database.get("PASSWORD") or "")


def _cleaned(record: logging.LogRecord) -> logging.LogRecord:
    """Return a copy of a record that holds only what may be written."""
    secrets = tuple(known_secrets())
    is_own = record.name.split(".")[0] in OWN
    request = getattr(record, "request", None)
    words = _own_words(record, secrets) if is_own else _foreign_words(record, secrets)
    kept: dict[str, Any] = {
        "name": record.name,
        "levelno": record.levelno,
        "levelname": record.levelname,
        "created": record.created,
        "msecs": record.msecs,
        "msg": words,
        "request_id": current_request_id() if request is None else get_request_id(request),
        "route": current_route() if request is None else get_route_pattern(request),
    }
    if is_own:
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        kept = {key: _clean(value, secrets, key) for key, value in extra.items()} | kept
    elif isinstance(status := getattr(record, "status_code", None), int):
        kept["status"] = status
    if record.exc_info and record.exc_info[1] is not None:
        kept["exc_text"] = _told(record.exc_info[1], secrets)
    return logging.makeLogRecord(kept)


def _unwritable(record: logging.LogRecord, error: Exception) -> logging.LogRecord:
    """Return a line about a record that cannot be written: where it came from, but no value."""
    told = {
        "name": record.name,
        "levelno": logging.ERROR,
        "levelname": "ERROR",
        "created": record.created,
        "msecs": record.msecs,
        "msg": LINE_FAILED,
        "request_id": current_request_id(),
        "route": current_route(),
        "line": f"{record.pathname}:{record.lineno}",
        "reason": type(error).__name__,
    }
    return logging.makeLogRecord(told)


def _own_words(record: logging.LogRecord, secrets: tuple[str, ...]) -> str:
    """Return the event of our own line."""
    return without_secrets(record.getMessage(), secrets)


def _foreign_words(record: logging.LogRecord, secrets: tuple[str, ...]) -> str:
    """Return the constant words and the numbers of a library's line."""
    text = str(record.msg)
    if not record.args:
        return without_values(text, secrets)
    given = record.args
    if record.name == "py.warnings" and isinstance(given, tuple):
        return without_values(str(given[0]).rpartition("/")[2], secrets)
    hidden: Any = (
        {key: _shown(value) for key, value in given.items()}
        if isinstance(given, Mapping)
        else tuple(_shown(value) for value in given)
    )
    try:
        return without_secrets(text % hidden, secrets)
    except (TypeError, ValueError, KeyError):
        # The template expects other values; its words alone are constant.
        return without_secrets(text, secrets)


def _shown(value: object) -> object:
    """Return how a value of a library's line is shown: a number as it is, an error as its class."""
    if isinstance(value, (bool, int, float)):
        return value
    return type(value).__name__ if isinstance(value, BaseException) else WITHHELD


def _clean(value: object, secrets: tuple[str, ...], key: str = "") -> object:
    """Return a field of our own line without secrets."""
    if any(word in key.lower() for word in _SECRET_FIELDS):
        return WITHHELD
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _clean(each, secrets, str(name)) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(each, secrets) for each in value]
    if isinstance(value, BaseException):
        return _sentence(value, secrets)
    return without_secrets(str(value), secrets)


def _told(error: BaseException, secrets: tuple[str, ...]) -> str:
    """Return where an exception and its causes came from, without data."""
    parts: list[str] = []
    one: BaseException | None = error
    while one is not None and len(parts) < _CHAIN_MAX:
        frames = [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(one.__traceback__, limit=-_FRAMES_MAX)
        ]
        parts.append("\n".join([*frames, _sentence(one, secrets)]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nwhich led to\n".join(reversed(parts))


def _sentence(error: BaseException, secrets: tuple[str, ...]) -> str:
    """Return an exception's class, and its text as far as that may be written."""
    name = type(error).__name__
    if isinstance(error, RegistryError):
        return f"{name}: {without_secrets(error.message, secrets)}"
    return f"{name}: {without_values(str(error), secrets)}"
