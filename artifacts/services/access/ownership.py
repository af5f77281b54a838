"""Who may replace or delete an artifact."""

from __future__ import annotations

from django.conf import settings

from artifacts.database.transactions import MANAGE, UPLOAD, Needed, RestsOn
from artifacts.enums import Ownership
from artifacts.exceptions import NotTheUploader
from artifacts.models import Artifact, User


def permission_to_change(artifact: Artifact, user: User) -> Needed:
    """Return the permission by which a user may replace or delete an artifact.

    Look at it before the operation, and name it in `RestsOn`, which looks again when it writes.
    Meanwhile nobody can become the uploader: an artifact only ever loses the one it has.

    Raises:
        NotTheUploader: only its uploader and those who manage artifacts may.
    """
    is_open = settings.REGISTRY_OWNERSHIP == Ownership.ANY or artifact.uploader_id == user.pk
    if is_open and user.may(UPLOAD):
        return UPLOAD
    if user.may(MANAGE):
        return MANAGE
    raise NotTheUploader(artifact.id)


def rests_on_later(artifact: Artifact, user: User | None) -> RestsOn | None:
    """Return what a change rests on that was asked for earlier; None where anybody may change all.

    The setting, the user's permissions and the user may be others by now.

    Args:
        user: who asked for it; None for somebody who is gone.

    Raises:
        NotTheUploader: only its uploader and those who manage artifacts may.
    """
    if settings.REGISTRY_OWNERSHIP == Ownership.ANY:
        return None
    if user is None:
        raise NotTheUploader(artifact.id)
    return RestsOn(user, permission_to_change(artifact, user))
