"""Artifacts, and the sequences that number them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.sql.compiler import SQLCompiler

from artifacts.enums import ArtifactType
from artifacts.limits import NAME_MAX_CHARS, SOURCE_KEY_MAX_CHARS, USERNAME_MAX_CHARS


class IdSequence(models.Model):
    """The last number given to an artifact of one type. One atomic statement increments it."""

    artifact_type: models.CharField[ArtifactType, str] = models.CharField(
        max_length=10, primary_key=True, choices=ArtifactType.choices()
    )
    last_number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """Show type and number."""
        return f"{self.artifact_type}: {self.last_number}"


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    """Common selections."""

    def visible(self) -> ArtifactQuerySet:
        """Leave out artifacts whose source has not answered yet: the contract hides them."""
        return self.filter(current_revision__isnull=False)

    def shown(self) -> ArtifactQuerySet:
        """Leave out those in quarantine as well: what lists and searches show, to anybody.

        They are few, and an index has them; each statement reads them once.
        """
        return self.visible().exclude(pk__in=quarantined_ids())


def quarantined_ids() -> models.QuerySet[Any, Any]:
    """Return the ids of artifacts whose current revision is in quarantine, as a subquery."""
    hidden = Artifact.objects.filter(_IsQuarantined("current_revision__decision"))
    return hidden.values("pk")


class _IsQuarantined(models.Func):
    """Whether a decision is that, in the words of the index: SQLite takes no parameter for them."""

    arity = 1
    output_field = models.BooleanField()
    template = "%(expressions)s = 'quarantined'"


class OwnerKey(models.Func):
    """A source's key as far as it names the owner: `github:openai/` of `github:openai/whisper`.

    "" where sources have no owners. The template has the slash as a constant, since SQLite does not
    use an index on an expression if a part of it is a parameter.
    """

    template = "LEFT(%(expressions)s, STRPOS(%(expressions)s, '/'))"
    arity = 1
    output_field: models.CharField[str, str] = models.CharField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the same in the words of SQLite."""
        template = "SUBSTR(%(expressions)s, 1, INSTR(%(expressions)s, '/'))"
        sql, parameters = self.as_sql(compiler, connection, template=template, **context)
        return sql, tuple(parameters)


class Artifact(models.Model):
    """An artifact. Its content is its current revision.

    Fixed after creation: id, type, name, created_us. Setting `current_revision` changes the content
    at once: readers see either the old revision or the new one. While it is empty (the source has
    not answered yet, contract: 202) the artifact is invisible, but already occupies its source.
    """

    id = models.CharField(max_length=64, primary_key=True)
    type: models.CharField[ArtifactType, str] = models.CharField(
        max_length=10, choices=ArtifactType.choices()
    )
    name = models.CharField(max_length=NAME_MAX_CHARS)
    # Identity of the source, such as `huggingface_model:openai/whisper-tiny`; see sources/base.py.
    source_key = models.CharField(max_length=SOURCE_KEY_MAX_CHARS)
    # Microseconds since 1970, the last part of the id. Listings are ordered by it.
    created_us = models.BigIntegerField()
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Kept in addition to the reference, since users can be deleted and records must keep the name.
    uploader_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    current_revision = models.OneToOneField(
        "artifacts.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        """One artifact per type and source; indexes for listings in key order."""

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
            models.Index(
                fields=("uploader_name", "created_us", "id"),
                name="artifact_by_uploader",
                condition=Q(current_revision__isnull=False),
            ),
            models.Index(
                "type",
                OwnerKey("source_key"),
                "created_us",
                "id",
                name="artifact_by_owner",
                condition=Q(current_revision__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Show name and id."""
        return f"{self.name} ({self.id})"


class SearchDocument(models.Model):
    """The texts that regular expressions search: name and README of the current revision.

    A separate table, because a search scans all of it and should read nothing else. The migrations
    create its trigram index (FTS5 on SQLite, pg_trgm on PostgreSQL).
    """

    id = models.BigAutoField(primary_key=True)
    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, related_name="document")
    name = models.CharField(max_length=NAME_MAX_CHARS)
    readme = models.TextField(blank=True)

    def __str__(self) -> str:
        """Show the name."""
        return self.name
