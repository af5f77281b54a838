"""Settings of the test suite: no network, tasks run at once, cheap password hashes."""

import tempfile
from pathlib import Path

from . import databases
from . import environment as env
from .base import *  # noqa: F403  (a settings module is its names)

# Protects nothing, but passes the deployment checks, which are tested.
SECRET_KEY = "only-for-tests-where-nothing-is-kept-that-anybody-wants"  # noqa: S105  (likewise)
DEBUG = False
IS_FOR_TRYING_OUT = True
REGISTRY_DATA_DIR = Path(tempfile.mkdtemp(prefix="registry-tests-"))
STORAGES["default"]["OPTIONS"]["location"] = str(REGISTRY_DATA_DIR / "bucket")  # noqa: F405  (of base)
STORAGES["staticfiles"] = {  # noqa: F405  (of base)
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
REGISTRY_STORAGE = "local"
REGISTRY_TASKS = "immediate"
REGISTRY_MIRROR = "always"
REGISTRY_GATE = "record"
REGISTRY_SCAN = "quarantine"
REGISTRY_GATE_UNKNOWN = "refuse"
REGISTRY_GATE_THRESHOLDS = {}
REGISTRY_DOWNLOADS = "any"
REGISTRY_DECISIONS_BY = "one"
REGISTRY_MODE = "open"
REGISTRY_RESET = "on"
REGISTRY_OWNERSHIP = "any"
REGISTRY_PEOPLE_RECORD = "on"
REGISTRY_BASE_URL = ""
REGISTRY_ADMIN_PASSWORD = ""
HF_ENDPOINT = "https://huggingface.co"
GITHUB_API_URL = "https://api.github.com"
GITHUB_WEB_URL = "https://github.com"
KAGGLE_URL = "https://www.kaggle.com"
HF_TOKEN = GITHUB_TOKEN = ""
REGISTRY_PRIVATE_HOSTS = ()
REGISTRY_MONITOR_HOSTS = ()
REGISTRY_TRUSTED_PROXIES = 0

_DATABASE_URL = env.text("DATABASE_URL", "")
DATABASES = {
    "default": databases.from_url(_DATABASE_URL)
    if _DATABASE_URL
    else databases.sqlite(REGISTRY_DATA_DIR / "registry.sqlite3")
}
# A file, not memory: threads of a test must see each other's rows and use real locks.
DATABASES["default"].setdefault("TEST", {}).setdefault(
    "NAME", None if _DATABASE_URL else str(REGISTRY_DATA_DIR / "test.sqlite3")
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
# Looked for when they are asked for: otherwise each new client of a test walks all of them first.
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = None
# Pytest has its own hooks for uncaught exceptions.
LOGGING_CONFIG = "registry_site.logs.configure"
# Every line is written and searched for secrets (tests/secret_watch.py); few are shown.
LOGGING["root"]["level"] = "DEBUG"  # noqa: F405  (of base)
LOGGING["handlers"]["console"]["level"] = "WARNING"  # noqa: F405  (likewise)
