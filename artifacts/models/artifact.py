"""Artifacts, and the sequences that number them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from artifacts.enums import ArtifactType
from artifacts.limits import NAME_MAX_CHARS, SOURCE_KEY_MAX_CHARS, USERNAME_MAX_CHARS


class IdSequence(models.Model):
    """The last number given to an artifact of one type. Advanced by one atomic statement."""

    artifact_type = models.CharField(max_length=10, primary_key=True, choices=ArtifactType)
    last_number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """Show type and number."""
        return f"{self.artifact_type}: {self.last_number}"


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    """Common selections."""

    def visible(self) -> ArtifactQuerySet:
        """Leave out artifacts whose source has not answered yet: nobody may see them (contract)."""
        return self.filter(current_revision__isnull=False)


class Artifact(models.Model):
    """The thing with an id. Its content is its current revision.

    Fixed after creation: id, type, name, created_us. Moving `current_revision` is the one moment of
    change: readers see the old revision or the new one. While it is empty (the source has not
    answered yet, contract: 202) the artifact is invisible, but holds its source.
    """

    id = models.CharField(max_length=64, primary_key=True)
    type = models.CharField(max_length=10, choices=ArtifactType)
    name = models.CharField(max_length=NAME_MAX_CHARS)
    # Identity of the source, as in `huggingface_model:openai/whisper-tiny`; see sources/base.py.
    source_key = models.CharField(max_length=SOURCE_KEY_MAX_CHARS)
    # Microseconds since 1970, the last part of the id. Listings are ordered by it.
    created_us = models.BigIntegerField()
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Kept beside the reference, since users can be deleted and records must still say who.
    uploader_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    current_revision = models.OneToOneField(
        "artifacts.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        """One artifact per type and source; indexes that serve the listings in key order."""

        constraints = [
            models.UniqueConstraint(fields=("type", "source_key"), name="artifact_source_once")
        ]
        indexes = [
            models.Index(
                fields=("created_us", "id"),
                name="artifact_all",
                condition=Q(current_revision__isnull=False),
            ),
            models.Index(
                fields=("type", "created_us", "id"),
                name="artifact_by_type",
                condition=Q(current_revision__isnull=False),
            ),
            models.Index(
                fields=("name", "created_us", "id"),
                name="artifact_by_name",
                condition=Q(current_revision__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Show name and id."""
        return f"{self.name} ({self.id})"


class SearchDocument(models.Model):
    """What a regular expression looks at: name and README of an artifact's current revision.

    A table of its own, because a search walks it from end to end and should read nothing else. The
    trigram index over it is made in the migrations (FTS5 on SQLite, pg_trgm on PostgreSQL).
    """

    id = models.BigAutoField(primary_key=True)
    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, related_name="document")
    name = models.CharField(max_length=NAME_MAX_CHARS)
    readme = models.TextField(blank=True)

    def __str__(self) -> str:
        """Show the name."""
        return self.name
