"""One formatter for every logger: what libraries write is told without what they were given."""

import json
import logging
import sys
import threading
import warnings

import pytest
import requests
from django.conf import settings
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from artifacts.exceptions import InvalidRequest
from registry_site import logs
from registry_site.settings.variables import VARIABLES
from tests.secret_watch import lines_of_this_test

SECRET = "a-link-that-nobody-may-see-7f3k9q2"
LIBRARIES = (
    "django.request", "django.security.DisallowedHost", "django.security.csrf", "django.server",
    "django.db.backends", "django.template", "waitress", "waitress.queue", "urllib3.connectionpool",
    "botocore.auth", "botocore.endpoint", "boto3.resources", "py.warnings", "asyncio",
    "concurrent.futures", "psycopg", "psycopg.pool", "rest_framework", "storages", "root",
    "a.library.that.comes.tomorrow",
)  # fmt: skip


def lines() -> list[dict]:
    return [json.loads(line) for line in lines_of_this_test().splitlines()]


def crash(error: Exception) -> None:
    try:
        raise error
    except type(error):
        logging.getLogger("a.library").exception("Internal Server Error: %s", f"/{SECRET}")


@pytest.mark.parametrize("name", LIBRARIES)
def test_line_of_a_library_when_written_then_none_of_its_values(caplog, name):
    caplog.set_level(logging.DEBUG, logger=name)
    library = logging.getLogger(name)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        library.log(level, "%s: %s", "Not Found", f"/content/{SECRET}")
        library.log(level, "%(sql)s; args=%(args)s", {"sql": "SELECT", "args": (SECRET,)})
        library.log(level, "GET /content/%s HTTP/1.1 404" % SECRET)  # noqa: UP031  (as they do)
        library.log(level, f"Invalid HTTP_HOST header: '{SECRET}'.")
        library.log(level, "text", extra={"request": None, "sql": SECRET, "params": [SECRET]})
        library.log(level, {"a": SECRET})
        library.log(level, "stack", stack_info=True)
    found = lines()
    assert len(found) >= 28
    assert SECRET not in lines_of_this_test()
    assert all({"request_id", "route", "levelname", "name"} <= set(line) for line in found)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"'{SECRET}' is no number"),
        requests.ConnectionError(f"Max retries exceeded with url: /x?X-Amz-Signature={SECRET}"),
        DatabaseError(f"duplicate key\nDETAIL:  Key (source_key)=({SECRET}) already exists."),
        InvalidRequest(f"https://example.com/?token={SECRET} does not answer."),
        KeyError(SECRET),
        OSError(2, "No such file", f"/data/uploads/content/{SECRET}"),
    ],
)
def test_exception_when_written_then_where_it_came_from_and_not_what_it_says(error):
    error.add_note(f"With {SECRET}.")
    another = RuntimeError(f"because of '{SECRET}'")
    another.__cause__ = error
    crash(another)
    assert SECRET not in lines_of_this_test()
    (line,) = lines()
    assert line["message"] == "Internal Server Error: [withheld]"
    assert type(error).__name__ in line["exc_info"]
    assert "RuntimeError" in line["exc_info"]
    assert "test_logs.py" in line["exc_info"]


@pytest.mark.django_db
def test_database_when_it_logs_each_statement_then_without_values(caplog):
    caplog.set_level(logging.DEBUG, logger="django.db.backends")
    with CaptureQueriesContext(connection), connection.cursor() as cursor:
        cursor.execute("SELECT %s", [SECRET])
    assert any(line["name"] == "django.db.backends" for line in lines())
    assert SECRET not in lines_of_this_test()


def test_line_of_ours_when_written_then_its_fields_without_secrets(settings):
    settings.GITHUB_TOKEN = "github-token-of-the-settings"
    logging.getLogger("artifacts.test").info(
        "thing.done",
        extra={
            "url": f"https://example.com/a?sig={SECRET}",
            "password": SECRET,
            "reason": "it said github-token-of-the-settings",
            "nested": {"token": SECRET, "list": [f"/content/{SECRET}", 3]},
            "count": 3,
        },
    )
    (line,) = lines()
    assert SECRET not in str(line)
    assert "github-token-of-the-settings" not in str(line)
    assert line["message"] == "thing.done"
    assert line["url"].startswith("https://example.com/a?")
    assert (line["count"], line["nested"]["list"][1]) == (3, 3)


def test_numbers_when_a_library_gives_them_then_they_stand():
    logging.getLogger("waitress.queue").warning("Task queue depth is %d", 17)
    assert lines()[0]["message"] == "Task queue depth is 17"


@pytest.mark.parametrize("args", [(SECRET,), (SECRET, SECRET), ({"a": SECRET},)])
def test_line_when_its_values_do_not_fit_its_words_then_the_words_alone(args):
    record = logging.LogRecord("waitress", logging.INFO, "", 0, "depth %d", args, None)
    assert json.loads(logs.LineFormatter("%(message)s").format(record))["message"] == "depth %d"


def test_handlers_when_set_up_then_the_root_has_the_only_one():
    logging.getLogger("django.server").addHandler(logging.StreamHandler())
    logging.getLogger("django.server").propagate = False
    before = list(logging.root.handlers)
    try:
        logs.configure(settings.LOGGING)
        assert [each.name for each in logging.root.handlers] == ["console"]
        assert isinstance(logging.root.handlers[0].formatter, logs.LineFormatter)
        for name in list(logging.root.manager.loggerDict):
            each = logging.getLogger(name)
            assert each.propagate, name
            assert each.handlers == [], name
    finally:
        logging.root.handlers[:] = before


def test_what_nobody_catches_when_set_up_then_goes_the_same_way(monkeypatch):
    for module, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    before = list(logging.root.handlers)
    try:
        logs.configure_process(settings.LOGGING)
        logging.root.handlers[:] = before
        thread = threading.Thread(target=lambda: int(SECRET))
        thread.start()
        thread.join()
        try:
            int(SECRET)
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn(f"{SECRET} is '{SECRET}'", stacklevel=1)
    finally:
        logging.captureWarnings(capture=False)
        logging.root.handlers[:] = before
    told = [line["message"] for line in lines()]
    assert told.count("process.crashed") == 2
    assert len(told) == 3
    assert SECRET not in lines_of_this_test()


@pytest.mark.parametrize("name", [name for name, each in VARIABLES.items() if each.secret])
def test_line_of_ours_when_it_holds_a_secret_of_the_environment_then_withheld(monkeypatch, name):
    monkeypatch.setenv(name, SECRET)
    monkeypatch.delattr(settings, name, raising=False)
    logging.getLogger("artifacts.tried").warning("event.tried", extra={"reason": f"by {SECRET}."})
    assert [line["reason"] for line in lines()] == ["by [withheld]."]


class Unspeakable:
    """Cannot be written down, and would say a secret to whoever prints it for a person to read."""

    def __repr__(self) -> str:
        return SECRET

    def __str__(self) -> str:
        raise ValueError(SECRET)


@pytest.mark.parametrize(
    ("name", "message", "arguments", "extra"),
    [
        ("artifacts.api", "%d of %s", (SECRET, Unspeakable()), {}),
        ("artifacts.api", Unspeakable(), (), {}),
        ("artifacts.api", "event", (), {"user": Unspeakable(), "many": {Unspeakable(): SECRET}}),
        ("a.library", Unspeakable(), (), {}),
    ],
)
def test_line_when_it_cannot_be_written_then_says_where_it_came_from_and_no_value(
    name, message, arguments, extra
):
    # Not by way of a logger: pytest has a handler of its own, which gives up.
    record = logging.getLogger(name).makeRecord(
        name, logging.INFO, "/app/file.py", 7, message, arguments, None, extra=extra
    )
    text = logs.LineFormatter(settings.LOGGING["formatters"]["line"]["fmt"]).format(record)
    line = json.loads(text)
    assert (line["message"], line["levelname"], line["name"]) == ("line.failed", "ERROR", name)
    assert line["line"] == "/app/file.py:7"
    assert line["reason"] in {"TypeError", "ValueError"}
    assert SECRET not in text


def test_process_when_a_line_cannot_leave_it_then_python_does_not_print_it_instead(
    monkeypatch, capsys
):
    class Closed:
        def write(self, _text: str) -> None:
            raise BrokenPipeError

        flush = close = write

    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(logs, "configure", lambda _given: None)
    try:
        logs.configure_process({})
        logging.StreamHandler(Closed()).handle(
            logging.makeLogRecord({"msg": "%s", "args": (SECRET,)})
        )
    finally:
        logging.captureWarnings(capture=False)
    assert capsys.readouterr().err == ""
