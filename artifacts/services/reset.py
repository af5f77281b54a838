"""Bringing the registry back to its initial state."""

from __future__ import annotations

import json
import logging

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection, models

from artifacts.exceptions import AuthenticationFailed, ResetForbidden
from artifacts.models import AccessToken, User
from artifacts.services import tasks
from artifacts.services.identity import now_us
from artifacts.services.leases import in_time
from artifacts.services.passwords import hash_initial_password
from artifacts.services.search_index import clear_search_index
from artifacts.services.sole_locks import lock_tables
from artifacts.services.transactions import writing_alone
from artifacts.services.users import restore_administrator
from artifacts.storage.keys import (
    BUNDLES_PREFIX,
    RECORDS_PREFIX,
    RESET_MARKER_KEY,
    UPLOADS_PREFIX,
)
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


def reset_registry(*, user: User, token_digest: str | None) -> None:
    """Remove every artifact, user, token, task and trail, and restore the default administrator.

    One transaction: readers see everything or nothing. What the bucket holds follows by a task
    written in that transaction; until it has run, a marker of the reset is what it will leave.

    Args:
        token_digest: the token that asked, which stays valid (requirement A9); from now on it is
            the default administrator's.

    Raises:
        AuthenticationFailed: the token or the user is gone since.
        ResetForbidden: the user is no administrator any more.
        DatabaseBusy: somebody has been reading or writing for long, and goes on.
    """
    username = user.username
    hashed_password = hash_initial_password()
    # Checking each of a million references while both ends of it go would take minutes.
    with connection.constraint_checks_disabled(), writing_alone():
        kept = _kept_token(user, token_digest)
        _clear_tables()
        administrator = restore_administrator(hashed_password)
        if kept is not None:
            kept.user = administrator
            kept.save(force_insert=True)
        tasks.schedule("remove_everything", arguments={"reset_us": now_us()})
    logger.warning("registry.reset", extra={"user": username})


def _kept_token(user: User, token_digest: str | None) -> AccessToken | None:
    """Return the token that asked, if one did, once its holder of this moment may reset.

    It outlives the reset as the default administrator's: whoever lost it or his rank meanwhile must
    not get both in this way.
    """
    kept = AccessToken.objects.select_related("user").filter(digest=token_digest).first()
    if token_digest is not None and kept is None:
        raise AuthenticationFailed
    holder = kept.user if kept else User.objects.filter(pk=user.pk).first()
    if holder is None or not holder.is_active:
        raise AuthenticationFailed
    if not holder.is_admin:
        raise ResetForbidden
    return kept


def remove_everything(*, reset_us: int) -> None:
    """Remove what the bucket holds from before a reset; blobs go by `remove_orphans`.

    The marker comes first: from then on a rebuild passes over the records that are still there.
    """
    store = get_store()
    marker = json.dumps({"reset_us": reset_us}).encode()
    store.replace(RESET_MARKER_KEY, marker, "application/json")
    for prefix in (RECORDS_PREFIX, BUNDLES_PREFIX):
        store.delete(
            in_time(found.key for found in store.list(prefix) if _created_us(found.key) <= reset_us)
        )
    store.delete(
        in_time(
            found.key
            for found in store.list(UPLOADS_PREFIX)
            if found.modified_at.timestamp() * 1_000_000 <= reset_us
        )
    )


def _created_us(key: str) -> int:
    """Return when the artifact that a key belongs to was created; the id in the key says so."""
    last = key.split("/")[1].rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _clear_tables() -> None:
    """Empty every table of the registry."""
    tables: list[type[models.Model]] = [
        *apps.get_app_config("artifacts").get_models(), Session, LogEntry
    ]  # fmt: skip
    lock_tables(tables)
    clear_search_index()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(f'"{model._meta.db_table}"' for model in tables)  # noqa: SLF001  (documented)
            # What earlier statements of this transaction left to be checked forbids truncating.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {names}")  # names come from the models
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            for model in tables:
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608, SLF001  (likewise)
