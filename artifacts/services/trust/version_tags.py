"""Adding the tags for which the registration of a model had no request left."""

from __future__ import annotations

import logging

from django.db.models import F

from artifacts.database.transactions import writing
from artifacts.exceptions import SourceRefused
from artifacts.models import Revision, VersionTag
from artifacts.rules.search.versions import version_key
from artifacts.sources.github.client import list_tags
from artifacts.sources.github.snapshot import TAGS_LEFT
from artifacts.sources.inquiry import Inquiry

logger = logging.getLogger(__name__)


def add_left_tags(artifact_id: str, inquiry: Inquiry) -> None:
    """Ask for the tags of a model's current revision, unless that has been done.

    Raises:
        SourceUnavailable: GitHub does not answer now.
    """
    current = Revision.objects.filter(artifact_id=artifact_id, artifact__current_revision=F("pk"))
    revision = current.only("repository", "facts").first()
    if revision is None or not revision.facts.get(TAGS_LEFT):
        return
    try:
        tags = list_tags(revision.repository, inquiry)
    except SourceRefused as error:
        logger.info("tags.refused", extra={"artifact": artifact_id, "reason": error.message})
        tags = ()
    with writing():
        # Locked, so that two deliveries of the task do not add them twice.
        locked = current.select_for_update(of=("self",)).filter(pk=revision.pk).first()
        if locked is None or not locked.facts.pop(TAGS_LEFT, False):
            return
        VersionTag.objects.bulk_create(
            VersionTag(revision=locked, tag=tag, version_key=key)
            for tag in tags
            if (key := version_key(tag)) is not None
        )
        locked.save(update_fields=["facts"])
