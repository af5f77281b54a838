"""Settings for a server or Lambda: the environment must provide every secret and address."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import databases
from . import environment as env
from .base import *  # noqa: F403  (a settings module is its names)
from .base import MIDDLEWARE, REGISTRY_BASE_URL, REGISTRY_STORAGE, STORAGES
from .variables import DEMANDED, DEMANDED_WITH_S3

_YEAR_S = 31_536_000
_HSTS_MAX_S = 2 * _YEAR_S

# All at once, so that one start names everything that is missing.
env.demand((*DEMANDED, *DEMANDED_WITH_S3) if REGISTRY_STORAGE == "s3" else DEMANDED)

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
# Signatures by earlier keys stay valid while those keys stand here.
SECRET_KEY_FALLBACKS = list(env.words("SECRET_KEY_FALLBACKS"))
DATABASES = {"default": databases.from_url(env.text("DATABASE_URL"))}
if databases.is_sqlite(DATABASES["default"]):
    raise ImproperlyConfigured(
        "DATABASE_URL names an SQLite file. In production the database is shared by many "
        "instances: name a PostgreSQL server, as in postgres://user:password@host:5432/registry."
    )
ALLOWED_HOSTS = list(env.host_patterns("DJANGO_ALLOWED_HOSTS"))
# Origins from which browsers may send forms, besides the request's own host.
CSRF_TRUSTED_ORIGINS = list(env.origins("DJANGO_CSRF_TRUSTED_ORIGINS"))
if REGISTRY_BASE_URL:
    _base = urlsplit(REGISTRY_BASE_URL)
    CSRF_TRUSTED_ORIGINS.append(f"{_base.scheme}://{_base.netloc}")

# registry_site/forwarding.py removes the header unless a trusted proxy sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Load balancers ask over plain HTTP: registry_site/forwarding.py.
SECURE_REDIRECT_EXEMPT = ["^health$"]
# Load balancers know an address, not a name. In production only: on a user's own machine, the
# registry must refuse unknown names, or any page in the browser could reach it.
_LOOKS_AT_HOSTS = MIDDLEWARE.index("django.middleware.security.SecurityMiddleware")
MIDDLEWARE = [
    *MIDDLEWARE[:_LOOKS_AT_HOSTS],
    "registry_site.forwarding.ProbeMiddleware",
    *MIDDLEWARE[_LOOKS_AT_HOSTS:],
]
SECURE_HSTS_SECONDS = env.integer("REGISTRY_HSTS_SECONDS", _YEAR_S, minimum=0, maximum=_HSTS_MAX_S)
# HSTS for subdomains and in browsers' preload lists: only the owner of the domain can decide that.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES["staticfiles"] = {"BACKEND": "registry_site.static_files.PrefixedStaticStorage"}
