"""One laptop by itself: SQLite and files, a web process and a worker. Used by `make run`."""

from . import databases
from . import environment as env
from .base import *  # noqa: F403  (a settings module is its names)
from .base import REGISTRY_DATA_DIR

DEBUG = False
IS_FOR_TRYING_OUT = True


def _kept_secret_key() -> str:
    """Return this installation's own key, made at the first start and kept beside the data.

    A key written into the source would be the same everywhere, and anyone could sign links with it.
    """
    import secrets

    path = REGISTRY_DATA_DIR / "secret_key"
    REGISTRY_DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass  # Made at an earlier start, or by the other process a moment ago.
    return path.read_text(encoding="ascii")


SECRET_KEY = env.text("SECRET_KEY", "") or _kept_secret_key()

_DATABASE_URL = env.text("DATABASE_URL", "")
DATABASES = {
    "default": databases.from_url(_DATABASE_URL)
    if _DATABASE_URL
    else databases.sqlite(REGISTRY_DATA_DIR / "registry.sqlite3")
}
# Loopback only, so any name that reaches this process may be used.
ALLOWED_HOSTS = ["*"]
# Files are served straight from the source tree: nothing has to be collected before a start.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
