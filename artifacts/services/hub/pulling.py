"""Registering what a reader asks for by an id of the Hub (`REGISTRY_HUB_PULL`).

It goes through source, rating and gate like any registration, in the name of the reader, who needs
the permission for it. A row claims the id, so that one process asks and all others wait for what
comes of it; that is kept for an hour, and until then nobody asks the Hub for this id again.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from artifacts.database.modes import require_open
from artifacts.enums import ArtifactType, TaskState
from artifacts.exceptions import (
    ArtifactExists,
    ContentPending,
    GateFailed,
    InvalidRequest,
    PullRefused,
    RepositoryMoved,
    RepositoryNotFound,
    SourceAbsent,
    SourceRefused,
    TooManyPulls,
)
from artifacts.limits import (
    PULL_KEPT_S,
    PULL_LEASE_S,
    PULL_POLL_S,
    PULL_REFUSAL_MAX_CHARS,
    PULL_RETRY_AFTER_S,
    PULL_WAIT_S,
    PULLS_OF_A_USER_MAX,
)
from artifacts.models import Artifact, HubPull, Task, User
from artifacts.rules.page_urls import dataset_url, model_url
from artifacts.rules.text import storable
from artifacts.selectors.catalogue.repo_ids import find_repo_id
from artifacts.services.catalogue.registration import register_artifact
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)

_URLS = {ArtifactType.MODEL: model_url, ArtifactType.DATASET: dataset_url}


class _Outcome(NamedTuple):
    """What came of asking: an artifact, or a refusal, or neither if the Hub has no such thing."""

    artifact_id: str = ""
    refusal: str = ""


def pull(*, artifact_type: ArtifactType, repo_id: str, user: User) -> None:
    """Register what an id of the Hub names; when it returns, something is served under the id.

    Args:
        repo_id: with an owner, and none that this registry gives out.
        user: may upload.

    Raises:
        RepositoryMoved: it is served under another id.
        RepositoryNotFound: the Hub has no such thing, or it was deleted here again.
        PullRefused: the source or the gate refuses it.
        ContentPending: it is still being asked for, or the Hub does not answer now.
        TooManyPulls: this reader has asked for many.
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
        RegistryError: see `register_artifact`; whoever comes next asks again.
    """
    require_open()
    key, holder = f"{artifact_type}:{repo_id.lower()}", uuid.uuid4()
    ends_at = time.monotonic() + PULL_WAIT_S
    while True:
        row = _find(key)
        if row is None:
            if _claim(key, holder, user):
                _ask(key, holder, artifact_type, repo_id, user)
        elif row.ended_at is not None and _is_served(row, row.ended_at, repo_id):
            return
        elif time.monotonic() > ends_at:
            raise ContentPending("This is being registered. Ask again soon.", PULL_RETRY_AFTER_S)
        else:
            time.sleep(PULL_POLL_S)


def forget_old_pulls() -> int:
    """Remove rows that have no effect any more, and return their number."""
    before = timezone.now() - timedelta(seconds=PULL_KEPT_S + PULL_LEASE_S)
    return HubPull.objects.filter(begun_at__lt=before).delete()[0]


def _in_force() -> Q:
    """Return the condition of rows that have an effect: in progress, or ended a while ago."""
    now = timezone.now()
    return Q(ended_at=None, begun_at__gt=now - timedelta(seconds=PULL_LEASE_S)) | Q(
        ended_at__gt=now - timedelta(seconds=PULL_KEPT_S)
    )


def _find(key: str) -> HubPull | None:
    """Return the row of an id, None if it has no effect."""
    return HubPull.objects.filter(_in_force(), key=key).first()


def _require_few(user: User) -> None:
    """Check that the reader has not made the registry ask for very many ids.

    Raises:
        TooManyPulls: it were so many within the time that they are kept.
    """
    since = timezone.now() - timedelta(seconds=PULL_KEPT_S)
    rows = HubPull.objects.filter(user_name=user.username, begun_at__gt=since)
    if rows.count() >= PULLS_OF_A_USER_MAX:
        raise TooManyPulls(PULLS_OF_A_USER_MAX, PULL_KEPT_S)


def _claim(key: str, holder: uuid.UUID, user: User) -> bool:
    """Try to become the one who asks, and return whether this is so.

    Raises:
        TooManyPulls: the reader has asked for very many ids.
    """
    row = HubPull(key=key, holder=holder, user_name=user.username, begun_at=timezone.now())
    with transaction.atomic():
        # Several requests of one reader claim one after the other, or all would count the same.
        list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
        _require_few(user)
        HubPull.objects.filter(~_in_force(), key=key).delete()
        HubPull.objects.bulk_create([row], ignore_conflicts=True)
    return HubPull.objects.filter(key=key, holder=holder).exists()


def _ask(
    key: str, holder: uuid.UUID, artifact_type: ArtifactType, repo_id: str, user: User
) -> None:
    """Register it and keep the outcome. What fails otherwise is not kept: others may try."""
    mine = HubPull.objects.filter(key=key, holder=holder)
    try:
        found = _register(artifact_type, repo_id, user)
    except BaseException:
        mine.delete()
        raise
    mine.update(ended_at=timezone.now(), **found._asdict())


def _register(artifact_type: ArtifactType, repo_id: str, user: User) -> _Outcome:
    """Register what an id names.

    Raises:
        RegistryError: neither source nor gate has refused it.
    """
    try:
        made = register_artifact(
            artifact_type=artifact_type, url=_URLS[artifact_type](repo_id), name=None, user=user
        )
    except ArtifactExists as error:
        # Under another id, or registered by its URL in this moment.
        return _Outcome(artifact_id=error.artifact_id)
    except SourceAbsent:
        return _Outcome()
    except (GateFailed, SourceRefused, InvalidRequest) as error:
        extra = {"repo": repo_id, "user": user.username, "reason": error.message}
        logger.info("pull.refused", extra=extra)
        return _Outcome(refusal=storable(error.message)[:PULL_REFUSAL_MAX_CHARS])
    return _Outcome(artifact_id=made.artifact.id)


def _is_served(row: HubPull, ended_at: datetime, repo_id: str) -> bool:
    """Whether something is served under an id; False while a task continues the registration.

    Raises:
        RepositoryMoved, RepositoryNotFound, PullRefused: see `pull`.
    """
    made = Artifact.objects.select_related("current_revision").filter(id=row.artifact_id).first()
    if made is None:
        refusal = row.refusal or _find_reason(row.artifact_id)
        if not refusal:
            raise RepositoryNotFound(repo_id)
        again_at = ended_at + timedelta(seconds=PULL_KEPT_S)
        raise PullRefused(refusal, f"{again_at:%H:%M} UTC")
    if made.current_revision is None:
        return False
    served = find_repo_id(made, made.current_revision)
    if served != repo_id:
        raise RepositoryMoved(served)
    return True


def _find_reason(artifact_id: str) -> str:
    """Return why the task gave a registration up; "" if none did."""
    if not artifact_id:
        return ""
    failed = Task.objects.filter(
        artifact_id=artifact_id, name=Job.INGEST_ARTIFACT, state=TaskState.FAILED
    )
    return failed.order_by("-created_at").values_list("error", flat=True).first() or ""
