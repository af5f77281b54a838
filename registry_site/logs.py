"""Every line of every logger, through one formatter: the route, the request's id, no secret.

A line of our own has an event's name and fields that we chose. A line of a library, Django's own
included, has whatever that library likes: the path of a request (a signed link), SQL with its
values, headers. Of those the constant words are kept, and numbers; the rest is withheld. The same
holds for the texts of exceptions.
"""

from __future__ import annotations

import logging
import logging.config
import os
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from pythonjsonlogger.json import JsonFormatter

from artifacts.exceptions import RegistryError
from artifacts.request_id import current_request_id, current_route, id_of, route_of
from artifacts.rules.secrets import WITHHELD, without_secrets, without_values
from registry_site.settings.variables import VARIABLES

logger = logging.getLogger(__name__)

# Whose lines we write ourselves.
OWN = ("artifacts", "registry_site", "deployment")
# Django's own lines about an answer, whose words are the path.
_OF_REQUESTS = ("django.request", "django.security", "django.server")
_REFUSED = "request.refused"
_SECRETS = tuple(name for name, each in VARIABLES.items() if each.secret)
_SECRET_FIELDS = ("password", "secret", "token", "authorization", "cookie", "session", "signature")
# What each record has by itself; all else is what our own line adds.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_FRAMES_MAX = 40
_CHAIN_MAX = 5


class LineFormatter(JsonFormatter):
    """Writes a record as a JSON line that anybody who reads the log may see."""

    def format(self, record: logging.LogRecord) -> str:
        """Write what is left of a record; the record itself, which others see too, stays."""
        return super().format(_cleaned(record))


def configure(given: Mapping[str, Any]) -> None:
    """Set up logging: one handler at the root, and no other logger has one (LOGGING_CONFIG)."""
    logging.config.dictConfig(dict(given))
    for each in list(logging.root.manager.loggerDict.values()):
        if isinstance(each, logging.Logger):
            each.handlers.clear()
            each.propagate = True


def configure_process(given: Mapping[str, Any]) -> None:
    """Set up logging of a whole process: also what Python itself prints where nobody catches."""
    configure(given)
    logging.captureWarnings(capture=True)
    sys.excepthook = _note_crash
    threading.excepthook = lambda found: _note_crash(
        found.exc_type, found.exc_value, found.exc_traceback
    )
    sys.unraisablehook = lambda found: _note_crash(
        found.exc_type, found.exc_value, found.exc_traceback
    )


def _note_crash(kind: type[BaseException], error: BaseException | None, trace: Any) -> None:
    """Write what nobody caught."""
    if issubclass(kind, SystemExit):
        return
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
        return
    logger.critical("process.crashed", exc_info=(kind, error or kind(), trace))


def known_secrets() -> Iterator[str]:
    """Yield the secrets that the settings name, or the environment where libraries read it."""
    for name in _SECRETS:
        given = getattr(settings, name, None) or os.environ.get(name, "")
        yield from map(str, given if isinstance(given, list | tuple) else (given,))
    for database in settings.DATABASES.values():
        yield str(database.get("PASSWORD") or "")


def _cleaned(record: logging.LogRecord) -> logging.LogRecord:
    """Return a record of its own that holds nothing but what may be written."""
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
        "request_id": current_request_id() if request is None else id_of(request),
        "route": current_route() if request is None else route_of(request),
    }
    if is_own:
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        kept = {key: _clean(value, secrets, key) for key, value in extra.items()} | kept
    elif isinstance(status := getattr(record, "status_code", None), int):
        kept["status"] = status
    if record.exc_info and record.exc_info[1] is not None:
        kept["exc_text"] = _told(record.exc_info[1], secrets)
    return logging.makeLogRecord(kept)


def _own_words(record: logging.LogRecord, secrets: tuple[str, ...]) -> str:
    """Return the event of a line of our own."""
    return without_secrets(record.getMessage(), secrets)


def _foreign_words(record: logging.LogRecord, secrets: tuple[str, ...]) -> str:
    """Return the constant words of a library's line, and the numbers in it."""
    if record.name.startswith(_OF_REQUESTS):
        return _REFUSED
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
        # Made for values of another form; the words alone are constant.
        return without_secrets(text, secrets)


def _shown(value: object) -> object:
    """Return a value of a library's line: numbers as they are, of an error its class."""
    if isinstance(value, (bool, int, float)):
        return value
    return type(value).__name__ if isinstance(value, BaseException) else WITHHELD


def _clean(value: object, secrets: tuple[str, ...], key: str = "") -> object:
    """Return a field of our own line."""
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
    """Return where an exception came from, and those that it came from: no line of data."""
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
    """Return an exception's class with its text, as far as that may be written."""
    name = type(error).__name__
    if isinstance(error, RegistryError):
        return f"{name}: {without_secrets(error.message, secrets)}"
    return f"{name}: {without_values(str(error), secrets)}"
