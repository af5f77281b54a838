"""Settings for one laptop: SQLite and files, a web process and a worker. `make run` uses them."""

from urllib.parse import urlsplit

from . import databases
from . import environment as env
from .base import *  # noqa: F403  (a settings module is its names)
from .base import ALLOWED_HOSTS, REGISTRY_BASE_URL, REGISTRY_DATA_DIR
from .secret_keys import kept_secret_key

DEBUG = False
IS_FOR_TRYING_OUT = True

# A registry for trying out may be reset.
REGISTRY_RESET = env.choice("REGISTRY_RESET", ("on", "off"), "on")
SECRET_KEY = env.text("SECRET_KEY", "") or kept_secret_key(REGISTRY_DATA_DIR)

_DATABASE_URL = env.text("DATABASE_URL", "")
DATABASES = {
    "default": databases.from_url(_DATABASE_URL)
    if _DATABASE_URL
    else databases.sqlite(REGISTRY_DATA_DIR / "registry.sqlite3")
}
# Although it listens on loopback only, any page in a browser on this machine can reach it under a
# name that resolves to loopback (DNS rebinding). The host name, which pages cannot forge, tells.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, *env.host_patterns("DJANGO_ALLOWED_HOSTS")]
if REGISTRY_BASE_URL:
    _name = urlsplit(REGISTRY_BASE_URL).hostname or ""
    ALLOWED_HOSTS.append(f"[{_name}]" if ":" in _name else _name)
# Files are served from the source tree, so that nothing has to be collected before a start.
STORAGES["staticfiles"] = {  # noqa: F405  (of base)
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
