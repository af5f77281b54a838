"""A server or Lambda: every secret and address comes from the environment and is demanded."""

from django.core.exceptions import ImproperlyConfigured

from . import databases
from . import environment as env
from .base import *  # noqa: F403  (a settings module is its names)

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
DATABASES = {"default": databases.from_url(env.text("DATABASE_URL"))}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    raise ImproperlyConfigured(
        "DATABASE_URL names an SQLite file. In production the database is shared by many "
        "instances: name a PostgreSQL server, as in postgres://user:password@host:5432/registry."
    )
ALLOWED_HOSTS = list(env.words("DJANGO_ALLOWED_HOSTS")) or [env.text("DJANGO_ALLOWED_HOSTS")]

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
