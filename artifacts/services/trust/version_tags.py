"""The tags of a source: which of them lead to a revision, and those that are asked for later.

A tag moves, and its name alone says nothing about what the registry keeps; its target commit does.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from itertools import islice

from django.db.models import F

from artifacts.database.transactions import writing
from artifacts.exceptions import SourceRefused
from artifacts.limits import TAG_TARGETS_MAX
from artifacts.models import Revision, VersionTag
from artifacts.rules.search.versions import version_key
from artifacts.sources.github.client import list_tags
from artifacts.sources.github.snapshot import TAGS_LEFT
from artifacts.sources.inquiry import Inquiry

logger = logging.getLogger(__name__)


def choose_targets(revision: Revision, tags: Mapping[str, str]) -> dict[str, str]:
    """Return those of a source's tags whose target commit is kept, at most `TAG_TARGETS_MAX`.

    Args:
        revision: the one that the source was asked for; earlier ones of its artifact count, too.
        tags: name -> target commit, "" where the source did not say it.
    """
    commits = {each for each in tags.values() if each}
    if not commits:
        return {}
    earlier = Revision.objects.filter(artifact_id=revision.artifact_id, commit__in=commits)
    kept = {revision.commit, *earlier.values_list("commit", flat=True)}
    chosen = ((name, commit) for name, commit in tags.items() if commit and commit in kept)
    return dict(islice(chosen, TAG_TARGETS_MAX))


def read_targets(kept: object) -> dict[str, str]:
    """Return what a record kept of the tags that lead to a revision.

    Raises:
        TypeError: they are no names with commits.
    """
    if not isinstance(kept, dict) or not all(isinstance(each, str) for each in kept.values()):
        raise TypeError("tag_targets holds no names with commits")
    return kept


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
        tags = {}
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
        locked.tag_targets = choose_targets(locked, tags)
        locked.save(update_fields=["facts", "tag_targets"])
