"""Bringing the registry back to its initial state."""

from __future__ import annotations

import json
import logging

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models import Max

from artifacts.database.sole_locks import lock_tables
from artifacts.database.transactions import writing_alone
from artifacts.exceptions import AuthenticationFailed, ResetForbidden, ResetOff
from artifacts.models import AccessToken, Artifact, Generation, IdSequence, Listing, User
from artifacts.rules.identity import now_us, read_created_us
from artifacts.services.access.passwords import hash_initial_password
from artifacts.services.access.users import restore_administrator
from artifacts.services.upkeep.search_index import clear_search_index
from artifacts.storage import content_types
from artifacts.storage.keys import (
    BUNDLES_PREFIX,
    GLOBALS_PREFIX,
    RECORDS_PREFIX,
    RESET_MARKER_KEY,
    TOMBSTONES_PREFIX,
    UPLOADS_PREFIX,
    read_global_us,
)
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.clock import in_time
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


def reset_registry(*, user: User, token_digest: str | None, address: str = "") -> None:
    """Remove all artifacts, users, tokens, tasks and audit entries; restore the administrator.

    One transaction: readers see everything or nothing. A task, written in the same transaction,
    removes the objects from the bucket and leaves a marker of the reset there.

    Args:
        token_digest: the caller's token, which stays valid (requirement A9); from now on it is the
            default administrator's.
        address: where the user is (`client_address`); "" for this machine itself.

    Raises:
        ResetOff: the settings allow none.
        AuthenticationFailed: the token or the user was deleted meanwhile.
        ResetForbidden: the user was demoted meanwhile.
        DatabaseBusy: another connection has kept the tables locked for long.
    """
    if settings.REGISTRY_RESET != "on":
        raise ResetOff
    username = user.username
    hashed_password = hash_initial_password()
    # Checking each of a million references whose two ends both go would take minutes.
    with connection.constraint_checks_disabled(), writing_alone():
        kept = _kept_token(user, token_digest)
        lost = {"artifacts": Artifact.objects.count(), "users": User.objects.count()}
        # Another machine's clock may be ahead of ours; the reset must cover its artifacts, too.
        newest_us = Artifact.objects.aggregate(newest=Max("created_us"))["newest"] or 0
        _clear_tables()
        administrator = restore_administrator(hashed_password)
        if kept is not None:
            kept.user = administrator
            kept.save(force_insert=True)
        queue.schedule(Job.REMOVE_EVERYTHING, reset_us=max(now_us(), newest_us))
    logger.warning("registry.reset", extra={"user": username, "address": address, **lost})


def _kept_token(user: User, token_digest: str | None) -> AccessToken | None:
    """Return the caller's token, if there is one, after checking that its holder may reset.

    The token outlives the reset as the default administrator's, so nobody who has lost the token or
    the rank meanwhile may regain them this way.
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
    """Remove the bucket's objects from before a reset; `remove_orphans` removes the blobs.

    The marker is written first: from then on a rebuild ignores the records that are still there.
    """
    store = get_store()
    marker = json.dumps({"reset_us": reset_us}).encode()
    store.replace(RESET_MARKER_KEY, marker, content_types.JSON)
    for prefix in (RECORDS_PREFIX, BUNDLES_PREFIX, TOMBSTONES_PREFIX):
        store.delete(
            in_time(
                found.key
                for found in store.list(prefix)
                if read_created_us(_id_in(found.key, prefix)) <= reset_us
            )
        )
    store.delete(
        in_time(
            found.key
            for found in store.list(GLOBALS_PREFIX)
            if 0 < (read_global_us(found.key) or 0) <= reset_us
        )
    )
    store.delete(
        in_time(
            found.key
            for found in store.list(UPLOADS_PREFIX)
            if found.modified_at.timestamp() * 1_000_000 <= reset_us
        )
    )


def _id_in(key: str, prefix: str) -> str:
    """Return the id of the artifact that a key is about."""
    return key.removeprefix(prefix).partition("/")[0].removesuffix(".json")


def _clear_tables() -> None:
    """Empty every table of the registry except those that mirror what the bucket knows.

    Numbers continue: a number given again after a reset would look like one that a restored
    database gives twice.
    """
    emptied = set(apps.get_app_config("artifacts").get_models()) - {IdSequence, Generation}
    tables: list[type[models.Model]] = [*emptied, Session, LogEntry]
    lock_tables(tables)
    clear_search_index()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(f'"{model._meta.db_table}"' for model in tables)  # noqa: SLF001  (documented)
            # TRUNCATE fails while constraints of earlier statements are still unchecked.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {names}")  # names come from the models
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            # Listings first: else a trigger would remove each of them with its artifact.
            for model in sorted(tables, key=lambda each: each is not Listing):
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608, SLF001  (likewise)
