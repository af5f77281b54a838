"""Every line that the suite logs is looked through for every secret that the suite used.

Secrets are noted where they are made: tokens, signed links, signatures of the bucket, sessions,
passwords, keys. Each test is asked about its own as it ends, and all lines about all of them at the
end of the run; a test that starts processes hands over their logs (`look_through`).
"""

import io
import logging
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import re2

# A shorter one stands in many a text by chance.
SECRET_MIN_CHARS = 8
# Weak passwords of tests are words that other tests write down with every right: each is looked for
# in the lines of its own test only.
WORD_MAX_DISTINCT = 5
# The default administrator's, who may not take it for a password either.
PUBLIC_NAME = "ece30861defaultadminuser"
_BATCH = 300
_READ_BYTES = 32_000_000
_SECRET_SETTINGS = ("SECRET_KEY", "REGISTRY_ADMIN_PASSWORD", "HF_TOKEN", "GITHUB_TOKEN")


class _Lines(logging.Handler):
    """Keeps what the real formatter makes of each record."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        # A file: a whole run writes more lines than memory should be spent on.
        self.all = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (for the run)
        self.of_test = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record) + "\n"
        self.all.write(line)
        self.of_test.write(line)


_lines = _Lines()
_all: set[str] = set()
_of_test: set[str] = set()
_found_elsewhere: list[str] = []


def remember(secret: str) -> str:
    """Note a secret that no line may hold."""
    if len(secret) >= SECRET_MIN_CHARS:
        _of_test.add(secret)
        if not is_word(secret):
            _all.add(secret)
    return secret


def is_word(secret: str) -> bool:
    """Whether a secret of one test may be an ordinary word to another."""
    is_plain = secret.isalpha() or len(set(secret)) <= WORD_MAX_DISTINCT
    return is_plain or secret == PUBLIC_NAME


def look_through(text: str, wanted: Iterable[str] | None = None) -> list[str]:
    """Return the secrets that stand in a text, shortened: a report is a log, too."""
    found = []
    escaped = [re.escape(each) for each in sorted(_all if wanted is None else wanted)]
    options = re2.Options()
    options.max_mem = 256_000_000
    for start in range(0, len(escaped), _BATCH):
        batch = re2.compile("|".join(escaped[start : start + _BATCH]), options)
        found += [f"{each[0][:6]}..." for each in batch.finditer(text)]
    return found


def look_through_file(path: Path) -> None:
    """Fail when a process has written a secret into its log."""
    if path.exists():
        assert look_through(path.read_text(errors="replace")) == [], path


def _noting(make: Callable[..., str]) -> Callable[..., str]:
    return lambda *args, **given: remember(make(*args, **given))


def pytest_sessionstart() -> None:
    """Listen wherever secrets are made."""
    import botocore.auth
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.sessions.backends.base import SessionBase
    from django.core import signing
    from django.core.signals import setting_changed
    from django.middleware import csrf

    set_password = AbstractBaseUser.set_password

    def note_password(self: AbstractBaseUser, raw: str | None) -> None:
        remember(raw or "")
        set_password(self, raw)

    setattr(AbstractBaseUser, "set_password", note_password)  # noqa: B010
    secrets.token_urlsafe = _noting(secrets.token_urlsafe)
    signing.dumps = _noting(signing.dumps)
    csrf._get_new_csrf_string = _noting(csrf._get_new_csrf_string)
    sessions: Any = SessionBase
    sessions._get_new_session_key = _noting(sessions._get_new_session_key)
    signing_keys: Any = botocore.auth.SigV4Auth
    signing_keys.signature = _noting(signing_keys.signature)
    setting_changed.connect(_note_setting, weak=False)


def _note_setting(setting: str, value: object, **_: object) -> None:
    if setting in _SECRET_SETTINGS and isinstance(value, str):
        remember(value)


@pytest.fixture(autouse=True)
def quiet_log():
    """Fail the test in whose lines a secret of its own stands."""
    # Here and not once for all: whoever sets up Django anew takes the handlers away.
    if _lines not in logging.root.handlers:
        console = next(each for each in logging.root.handlers if each.name == "console")
        _lines.setFormatter(console.formatter)
        logging.root.addHandler(_lines)
    _lines.of_test = io.StringIO()
    _of_test.clear()
    yield
    text = _lines.of_test.getvalue()
    # One by one only if there is one: a campaign of races has thousands, and megabytes of lines.
    leaked = [each for each in _of_test if each in text] if look_through(text, _of_test) else []
    assert not leaked, [
        line[:500] for line in text.splitlines() if any(each in line for each in leaked)
    ]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what one of several processes has found (pytest-xdist)."""
    _found_elsewhere.extend(getattr(node, "workeroutput", {}).get("leaked_secrets", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if any line holds any secret, whichever test it came from."""
    _lines.all.seek(0)
    leaked = [*_found_elsewhere]
    while some := _lines.all.readlines(_READ_BYTES):
        leaked += look_through("".join(some))
    if leaked and hasattr(session.config, "workeroutput"):
        session.config.workeroutput["leaked_secrets"] = leaked
    elif leaked:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.get_terminal_writer().line(
            f"\nThe log holds {len(leaked)} secrets: {', '.join(sorted(set(leaked)))}", red=True
        )


def pytest_unconfigure() -> None:
    """Close the file of all lines: what is left open at the end warns."""
    logging.root.removeHandler(_lines)
    _lines.all.close()


def lines_of_this_test() -> str:
    """What was logged since the test began."""
    return _lines.of_test.getvalue()
