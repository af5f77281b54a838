"""A server or Lambda: every secret and address comes from the environment and is demanded."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import databases
from . import environment as env
from .base import *  # noqa: F403  (a settings module is its names)
from .base import LOGGING, REGISTRY_BASE_URL, REGISTRY_STORAGE, STORAGES
from .variables import DEMANDED, DEMANDED_WITH_S3

# All at once, so that nobody has to start it again and again to learn what is missing.
env.demand((*DEMANDED, *DEMANDED_WITH_S3) if REGISTRY_STORAGE == "s3" else DEMANDED)

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
# What earlier keys have signed stays valid while they stand here.
SECRET_KEY_FALLBACKS = list(env.words("SECRET_KEY_FALLBACKS"))
DATABASES = {"default": databases.from_url(env.text("DATABASE_URL"))}
if databases.is_sqlite(DATABASES["default"]):
    raise ImproperlyConfigured(
        "DATABASE_URL names an SQLite file. In production the database is shared by many "
        "instances: name a PostgreSQL server, as in postgres://user:password@host:5432/registry."
    )
ALLOWED_HOSTS = list(env.host_patterns("DJANGO_ALLOWED_HOSTS"))
# Where browsers may send forms from, besides the host that a request names itself.
CSRF_TRUSTED_ORIGINS = list(env.origins("DJANGO_CSRF_TRUSTED_ORIGINS"))
if REGISTRY_BASE_URL:
    _base = urlsplit(REGISTRY_BASE_URL)
    CSRF_TRUSTED_ORIGINS.append(f"{_base.scheme}://{_base.netloc}")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES["staticfiles"] = {"BACKEND": "registry_site.static_files.PrefixedStaticStorage"}
# Zappa writes a line for each request, as we do, and ours has the route.
LOGGING["loggers"] |= {"zappa.wsgi": {"level": "WARNING"}}
