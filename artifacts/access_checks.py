"""Deployment checks of the settings that keep strangers out: a password, host names, keys.

They judge the strength of values, while `checks.py` checks that values exist. Their messages never
hold a password or a key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ValidationError

# It is typed rarely, and it gives access to everything.
ADMIN_PASSWORD_MIN_CHARS = 12
# Django's own criteria of a random key (security.W009).
SECRET_KEY_MIN_CHARS = 50
SECRET_KEY_MIN_DISTINCT = 5
# A password that repeats a few letters is as weak as a shorter one.
PASSWORD_MIN_DISTINCT = 5
_LABEL_CHARS = set("abcdefghijklmnopqrstuvwxyz0123456789_-")
_LABELS_OF_A_DOMAIN_MIN = 2
_INSECURE_PREFIX = "django-insecure-"
# The letters with which the published passwords begin; variations after them are easy to guess.
_PUBLISHED_WORDS = "correcthorsebatterystaple"


def _keep_letters(text: str) -> str:
    """Return only the letters of a text."""
    return "".join(filter(str.isalpha, text))


def _is_host(entry: str) -> bool:
    """Say whether an entry is a host, or a dot and a domain of at least two parts."""
    name, colon, port = entry.rpartition(":") if not entry.endswith("]") else (entry, "", "")
    if colon and not (port.isascii() and port.isdecimal()):
        return False
    host = name if colon else entry
    if host.startswith("["):
        inside = host[1:-1].lower()
        return host.endswith("]") and bool(inside) and set(inside) <= set("0123456789abcdef:.")
    labels = host.lower().removeprefix(".").split(".")
    if host.startswith(".") and len(labels) < _LABELS_OF_A_DOMAIN_MIN:
        return False
    return all(label and set(label) <= _LABEL_CHARS for label in labels)


def is_published(password: str) -> bool:
    """Say whether a password is a published one or a variation of one."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    return _PUBLISHED_WORDS in _keep_letters(plain)


@register(Tags.security, deploy=True)
def check_admin_password(**_: Any) -> list[CheckMessage]:
    """Check that the administrator's password is hard to guess."""
    password = settings.REGISTRY_ADMIN_PASSWORD
    # registry.E005 deals with one that is missing or published.
    if not password or is_published(password):
        return []
    return [
        Error(
            f"REGISTRY_ADMIN_PASSWORD is weak: {reason}",
            hint="Make one by chance: python -c 'import secrets; print(secrets.token_urlsafe(24))'",
            id="registry.E010",
        )
        for reason in _weaknesses(password)
    ]


def _weaknesses(password: str) -> Iterator[str]:
    """Yield what is wrong with a password."""
    from artifacts.models import DEFAULT_ADMIN_USERNAME, User

    user = User(username=DEFAULT_ADMIN_USERNAME)
    common = CommonPasswordValidator()
    for validator in (
        MinimumLengthValidator(min_length=ADMIN_PASSWORD_MIN_CHARS),
        UserAttributeSimilarityValidator(user_attributes=("username",)),
        common,
        NumericPasswordValidator(),
    ):
        try:
            validator.validate(password, user)
        except ValidationError as error:
            yield from error.messages
    if len(set(password.casefold())) < PASSWORD_MIN_DISTINCT:
        yield f"It has fewer than {PASSWORD_MIN_DISTINCT} different characters."
    word = _keep_letters(password.casefold())
    period = (word + word).find(word, 1) if word else 0
    for each in {word, word[:period]} - {password.casefold()}:
        # As `Password-2026!`: guessers add years and punctuation first.
        if each and each in common.passwords:
            yield "It is a common password with little added."
    if password in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield "It is SECRET_KEY, which other people and machines know."


@register(Tags.security, deploy=True)
def check_hosts(**_: Any) -> list[CheckMessage]:
    """Refuse host names that anybody can have: links and cookies would follow them."""
    return [
        Error(
            f"DJANGO_ALLOWED_HOSTS holds {host!r}, which takes names of strangers or is no name.",
            hint="Name each host, or .example.com for all below one of your own.",
            id="registry.E011",
        )
        for host in settings.ALLOWED_HOSTS
        if not _is_host(host)
    ]


@register(Tags.security, deploy=True)
def check_secret_keys(**_: Any) -> list[CheckMessage]:
    """Check that keys, old ones included, are hard to guess: they sign links and sessions."""
    keys = [("SECRET_KEY", settings.SECRET_KEY)]
    keys += [("A key in SECRET_KEY_FALLBACKS", str(each)) for each in settings.SECRET_KEY_FALLBACKS]
    return [
        Error(
            f"{name} is weak: {reason}",
            hint="Make one by chance: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="registry.E012",
        )
        for name, key in keys
        if (reason := _find_key_weakness(key))
    ]


def _find_key_weakness(key: str) -> str:
    """Return what is wrong with a key; "" if nothing is."""
    if len(key) < SECRET_KEY_MIN_CHARS:
        return f"it has fewer than {SECRET_KEY_MIN_CHARS} characters."
    if len(set(key)) < SECRET_KEY_MIN_DISTINCT:
        return f"it has fewer than {SECRET_KEY_MIN_DISTINCT} different characters."
    if key.startswith(_INSECURE_PREFIX):
        return f"it begins with {_INSECURE_PREFIX!r}, as keys in published code do."
    return ""
