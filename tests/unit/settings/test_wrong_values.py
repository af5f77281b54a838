"""Every variable of the table, with every kind of garbage: taken, or refused by its name."""

import importlib
import re
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from registry_site.settings.variables import VARIABLES
from tests.unit.settings.test_production import COMPLETE

MODULES = ("registry_site.settings.production", "registry_site.settings.development")
GARBAGE = (
    "two words", "a\nb: c", "\x01", "x" * 20_000, "ä☃", "\udcff", "http://", "https://u:p@h/?q#f",
    "-1", "0", "1e9", "9" * 40, "../..", "//", "[::1", "*", "a:b:c", "%00", "'\"", "{}",
)  # fmt: skip
# The module itself is looked for by whoever starts, and no SQLite file has a pooler.
READ_ELSEWHERE = ("DJANGO_SETTINGS_MODULE", "DATABASE_POOLER")
READ_IN_PRODUCTION = (
    "SECRET_KEY_FALLBACKS", "DJANGO_CSRF_TRUSTED_ORIGINS", "DATABASE_CREDENTIALS",
    "REGISTRY_HSTS_SECONDS",
)  # fmt: skip
# What cannot work, one by one; none of these may be taken.
WRONG = [
    *[("PORT", value) for value in ("abc", "99999", "-1", "80 80", "8000.0")],
    *[("REGISTRY_CONTENT_MAX_BYTES", value) for value in ("1e9", "-1", "20 GB", "9" * 30)],
    *[("REGISTRY_HSTS_SECONDS", value) for value in ("-1", "a year", "9" * 12)],
    *[("REGISTRY_TRUSTED_PROXIES", value) for value in ("101", "10.0.0.1/8", "my-proxy", "1 unix")],
    *[("LOG_LEVEL", value) for value in ("loud", "10")],
    *[("REGISTRY_STORAGE", value) for value in ("ftp", "s3,local")],
    ("REGISTRY_TASKS", "nobody"),
    ("REGISTRY_MIRROR", "yes"),
    ("REGISTRY_GATE", "1"),
    *[("REGISTRY_GATE_UNKNOWN", value) for value in ("yes", "refuse,accept")],
    *[
        ("REGISTRY_GATE_THRESHOLDS", value)
        for value in ("0.5", "license", "license=", "license=1.1", "license=-0.1", "license=nan",
                      "licence=0.5", "=0.5", "license=0.5,license=0.5", "license=0,5",
                      "license=1e-1", "net_score=0.5")
    ],
    ("DATABASE_POOLER", "session"),
    *[
        ("DATABASE_CREDENTIALS", value)
        for value in ("user:word", "[]", '{"username": "u"}', '{"username": "u", "password": 1}',
                      '{"username": "u", "password": ""}')
    ],
    *[
        (name, value)
        for name in ("HF_ENDPOINT", "GITHUB_API_URL", "GITHUB_WEB_URL", "KAGGLE_URL",
                     "REGISTRY_BASE_URL", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
                     "AWS_ENDPOINT_URL_LAMBDA")
        for value in ("hub.example", "https://u:p@hub.example", "https://hub .example", "http://")
    ],
    *[
        (name, value)
        for name in ("HF_TOKEN", "GITHUB_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                     "AWS_SESSION_TOKEN")
        for value in ("a\r\nHost: b", "a b", "töken")
    ],
    *[("REGISTRY_ALLOWED_HOSTS", value) for value in ("https://hf.co", "hf.co/x", "hf.co:443")],
    *[("DJANGO_ALLOWED_HOSTS", value) for value in ("https://a.example", "a.example:443", "a/b")],
    *[("DJANGO_CSRF_TRUSTED_ORIGINS", value) for value in ("a.example", "https://a.example/x")],
    *[("REGISTRY_PRIVATE_HOSTS", value) for value in ("127.0.0.1", "http://a:80", "a:99999")],
    *[("AWS_STORAGE_BUCKET_NAME", value) for value in ("a/b", "s3://bucket", "a b")],
    *[("AWS_REGION", value) for value in ("eu central", "https://x", "eu.central")],
    ("REGISTRY_ADMIN_PASSWORD", "x" * 1_001),
]  # fmt: skip


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Reads a settings module with a variable set to something, as a new process would."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def read(module: str, name: str, value: str) -> str:
        kept = {"REGISTRY_DATA_DIR": str(tmp_path / "data")}
        for each, text in (COMPLETE | kept | {name: value}).items():
            # What production demands, a laptop need not have.
            if each == name or module.endswith("production") or each in kept:
                monkeypatch.setenv(each, text)
            else:
                monkeypatch.delenv(each, raising=False)
        mine = {each for each in sys.modules if each.startswith("registry_site.settings.")}
        before = {each: sys.modules.pop(each) for each in mine if not each.endswith("testing")}
        try:
            importlib.import_module(module)
        except ImproperlyConfigured as error:
            return str(error)
        else:
            return ""
        finally:
            for each in mine:
                sys.modules.pop(each, None)
            sys.modules.update(before)
            monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "registry_site.settings.testing")

    return read


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("name", VARIABLES)
def test_variable_when_it_holds_garbage_then_taken_or_refused_in_one_line(load, module, name):
    lines = {value: load(module, name, value) for value in GARBAGE}
    refusals = {value: line for value, line in lines.items() if line}
    if name not in READ_ELSEWHERE and not (name in READ_IN_PRODUCTION and module != MODULES[0]):
        assert set(refusals) >= {"a\nb: c", "\udcff", "x" * 20_000}
    assert [value for value, line in refusals.items() if name not in line] == []
    assert [value for value, line in refusals.items() if len(line.splitlines()) != 1] == []
    assert [value for value, line in refusals.items() if len(line) > 400] == []
    if VARIABLES[name].secret:
        shown = [value for value, line in refusals.items() if value in line and len(value) > 3]
        assert shown == []


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_variable_when_it_cannot_work_then_named(load, name, value):
    assert name in load(MODULES[0], name, value)


@pytest.mark.parametrize("kind", ["file", "below-a-file", "nul"])
def test_data_folder_when_it_can_be_none_then_named(load, tmp_path, kind):
    (tmp_path / "taken").write_text("x")
    path = {"file": "taken", "below-a-file": "taken/data", "nul": "/dev/null/x"}[kind]
    line = load(MODULES[1], "REGISTRY_DATA_DIR", str(tmp_path / path))
    assert "REGISTRY_DATA_DIR" in line
    assert "folder" in line


def test_environment_when_anything_reads_it_then_only_the_one_module():
    ours = [*settings.BASE_DIR.glob("artifacts/**/*.py"), *settings.BASE_DIR.glob("*.py")]
    ours += settings.BASE_DIR.glob("registry_site/**/*.py")
    readers = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for path in ours
        if re.search(r"\benviron\b|\bgetenv\b", path.read_text(encoding="utf-8"))
        and "import os" in path.read_text(encoding="utf-8")
    }
    assert readers == {
        # What Lambda says of an invocation, and of how the process began: no setting of anybody's.
        "artifacts/functions.py",
        "registry_site/snap_start.py",
        "registry_site/settings/given.py",
        # Which settings there are, before there are any.
        "registry_site/starting.py",
        # Credentials that Lambda renews while a process runs; their forms are checked at its start.
        "artifacts/storage/s3_heartbeat.py",
        # The same file of certificates that boto3 trusts.
        "artifacts/storage/http_probe.py",
        # The file of certificates that Node.js trusts, for a process that is given nothing else.
        "artifacts/sandbox/courier.py",
    }
