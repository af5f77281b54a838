"""Rating many models again that somebody chose, as one task that shows how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from artifacts.database import modes
from artifacts.exceptions import ArtifactNotFound, InvalidRequest
from artifacts.limits import CHOSEN_MAX
from artifacts.models import Rating, User
from artifacts.rules.identity import now_us
from artifacts.selectors.access.users import get_user
from artifacts.services.records.artifact_records import store_record
from artifacts.services.trust.rating import rate_current, save_late_rating
from artifacts.work import clock, queue
from artifacts.work.jobs import Job
from artifacts.work.leases import report_progress


def begin_rating_chosen(*, artifact_ids: Sequence[str], user: User) -> UUID:
    """Schedule a task that rates models again, and return its id.

    Raises:
        InvalidRequest: these are too many for one task.
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
    """
    modes.require_open()
    if len(artifact_ids) > CHOSEN_MAX:
        raise InvalidRequest(f"At most {CHOSEN_MAX:,} models are rated in one go: choose fewer.")
    return queue.schedule(
        Job.RATE_CHOSEN,
        chosen=" ".join(artifact_ids),
        user_name=user.username,
        asked_us=now_us(),
    )


def rate_chosen(*, chosen: str, user_name: str, asked_us: int) -> None:
    """Rate models again, one after the other. Called by its task.

    Run again after an interruption, it leaves out what has been rated since it was asked for, and
    what was deleted.

    Args:
        chosen: the ids, with spaces between them.
        asked_us: when that was asked for, in microseconds since 1970.

    Raises:
        NotFound, PermissionMissing: whoever asked is gone, or may not rate any more.
    """
    user = get_user(user_name)
    asked_at = datetime.fromtimestamp(asked_us / 1e6, UTC)
    ids = chosen.split()
    for done, artifact_id in enumerate(ids):
        report_progress(done, len(ids))
        rated = Rating.objects.filter(
            revision__artifact_id=artifact_id, created_by=user_name, created_at__gte=asked_at
        )
        if rated.exists():
            continue
        with suppress(ArtifactNotFound):
            save_late_rating(rate_current(artifact_id, user_name), user=user)
            store_record(artifact_id)
        clock.note_kept()
