"""Deployment checks of what keeps strangers out: a password, host names, keys.

They look at what a value is, where `checks.py` looks at whether it is there. None of their messages
holds a password or a key.
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

# Nobody types it more than once a week, and it opens everything.
ADMIN_PASSWORD_MIN_CHARS = 12
# Django's own measures of a key that was made by chance (security.W009).
SECRET_KEY_MIN_CHARS = 50
SECRET_KEY_MIN_DISTINCT = 5
# A password that repeats a few letters is as good as a shorter one.
PASSWORD_MIN_DISTINCT = 5
_LABEL_CHARS = set("abcdefghijklmnopqrstuvwxyz0123456789_-")
_LABELS_OF_A_DOMAIN_MIN = 2
_INSECURE_PREFIX = "django-insecure-"
# What the published passwords begin with, in letters only; whatever is varied behind it is known.
_PUBLISHED_WORDS = "correcthorsebatterystaple"


def _letters_of(text: str) -> str:
    """Return a text without its digits and signs."""
    return "".join(filter(str.isalpha, text))


def _is_host(entry: str) -> bool:
    """Whether an entry is a host, or with a dot in front all hosts below a name of two parts."""
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
    """Return whether a password is one of the published ones, or made of one."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    return _PUBLISHED_WORDS in _letters_of(plain)


@register(Tags.security, deploy=True)
def check_admin_password(**_: Any) -> list[CheckMessage]:
    """Guessing the administrator's password must not be worth a try."""
    password = settings.REGISTRY_ADMIN_PASSWORD
    # One that is missing or published is the subject of registry.E005.
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
    """Walk what is wrong with a password."""
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
    word = _letters_of(password.casefold())
    period = (word + word).find(word, 1) if word else 0
    for each in {word, word[:period]} - {password.casefold()}:
        # `Password-2026!`: years and signs are what a guesser adds first.
        if each and each in common.passwords:
            yield "It is a common password with little added."
    if password in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield "It is SECRET_KEY, which other people and machines know."


@register(Tags.security, deploy=True)
def check_hosts(**_: Any) -> list[CheckMessage]:
    """A host name that anybody can have is none: links and cookies would follow it."""
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
    """Who guesses a key signs links and sessions; an old one that still counts is a key as well."""
    keys = [("SECRET_KEY", settings.SECRET_KEY)]
    keys += [("A key in SECRET_KEY_FALLBACKS", str(each)) for each in settings.SECRET_KEY_FALLBACKS]
    return [
        Error(
            f"{name} is weak: {reason}",
            hint="Make one by chance: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="registry.E012",
        )
        for name, key in keys
        if (reason := _weakness_of_key(key))
    ]


def _weakness_of_key(key: str) -> str:
    """Return what is wrong with a key, "" for nothing."""
    if len(key) < SECRET_KEY_MIN_CHARS:
        return f"it has fewer than {SECRET_KEY_MIN_CHARS} characters."
    if len(set(key)) < SECRET_KEY_MIN_DISTINCT:
        return f"it has fewer than {SECRET_KEY_MIN_DISTINCT} different characters."
    if key.startswith(_INSECURE_PREFIX):
        return f"it begins with {_INSECURE_PREFIX!r}, as keys in published code do."
    return ""
