"""Every job, in one list. A job may be delivered twice: each can be run again safely.

A job is a thin wrapper: ids in, one service called. `GIVE_UP` says what is left to do when a job
has failed for good.
"""

from __future__ import annotations

from collections.abc import Callable

from django_tasks import task

from artifacts.services import (
    bundles,
    deletion,
    demonstration,
    lineage,
    mirror,
    rating,
    registration,
    replacement,
    reset,
    upload_checks,
)


@task()
def ingest_artifact(*, artifact_id: str, url: str) -> None:
    """Fetch what an artifact's source did not answer at registration."""
    registration.complete_registration(artifact_id=artifact_id, url=url)


@task()
def ingest_replacement(*, artifact_id: str, url: str, username: str) -> None:
    """Fetch what the source of a replacement did not answer."""
    replacement.complete_replacement(artifact_id=artifact_id, url=url, username=username)


@task()
def mirror_revision(
    *,
    artifact_id: str,  # noqa: ARG001  (every job is called with it)
    revision_id: int,
) -> None:
    """Fetch the bytes of a revision."""
    mirror.mirror_revision(revision_id=revision_id)


@task()
def rate_model(*, artifact_id: str) -> None:
    """Rate again what a source's silence left incomplete."""
    rating.complete_rating(artifact_id=artifact_id)


@task()
def demonstrate_model(*, artifact_id: str) -> None:
    """Execute what a model's card shows, in the sandbox."""
    demonstration.demonstrate_model(artifact_id=artifact_id)


@task()
def follow_parent(
    *,
    artifact_id: str,  # noqa: ARG001  (every job is called with it)
    parent_key: str,
) -> None:
    """Bring the tree scores of a model's children up to date."""
    rating.follow_parent(parent_key=parent_key)


@task()
def resolve_parents(*, artifact_id: str) -> None:
    """Find out what the Hub calls parents that an artifact names as they were called before."""
    lineage.resolve_parents(artifact_id=artifact_id)


@task()
def build_bundle(*, artifact_id: str, revision: int, part: str) -> None:
    """Make the zip of one part."""
    bundles.build_bundle(artifact_id=artifact_id, revision=revision, part=part)


@task()
def check_upload(
    *,
    artifact_id: str,  # noqa: ARG001  (every job is called with it)
    upload_id: str,
    parts_digest: str = "",
) -> None:
    """Compute the digest of a zip that nobody compared."""
    upload_checks.check_upload(upload_id=upload_id, parts_digest=parts_digest)


@task()
def remove_objects(*, artifact_id: str) -> None:
    """Remove what the bucket holds of a deleted artifact."""
    deletion.remove_objects(artifact_id=artifact_id)


@task()
def remove_everything(
    *,
    artifact_id: str,  # noqa: ARG001  (every job is called with it)
    reset_us: int,
) -> None:
    """Remove what the bucket holds from before a reset."""
    reset.remove_everything(reset_us=reset_us)


GIVE_UP: dict[str, Callable[..., None]] = {
    "ingest_artifact": registration.drop_artifact,
    "mirror_revision": mirror.give_up_mirror,
    "check_upload": upload_checks.give_up_check,
}
