"""The parents that artifacts were made from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from artifacts.enums import ArtifactType, ParentOrigin, Relationship
from artifacts.limits import NAME_MAX_CHARS, SOURCE_KEY_MAX_CHARS, URL_MAX_CHARS


class LineageEdge(models.Model):
    """A link from an artifact to its parent: the base model, data set or code of a model.

    Written by `services.lineage.edges`. `parent` is empty until the artifact with `parent_key` is
    registered; registering it sets `parent`, deleting it empties it again.
    """

    child = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="parent_edges"
    )
    parent_type: models.CharField[ArtifactType, str] = models.CharField(
        max_length=10, choices=ArtifactType.choices()
    )
    # The identity of the parent's source, like `Artifact.source_key`.
    parent_key = models.CharField(max_length=SOURCE_KEY_MAX_CHARS)
    parent_name = models.CharField(max_length=NAME_MAX_CHARS)
    # The parent's page, "" if it has none.
    parent_url = models.CharField(max_length=URL_MAX_CHARS, blank=True)
    parent = models.ForeignKey(
        "artifacts.Artifact",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="child_edges",
    )
    relationship: models.CharField[Relationship, str] = models.CharField(max_length=30)
    origin: models.CharField[ParentOrigin, str] = models.CharField(max_length=20)
    # The size that its source stated when the child was registered; None for unknown.
    parent_size_bytes = models.BigIntegerField(null=True)

    class Meta:
        """Each parent once per child; indexed by both ends and by unregistered parents."""

        constraints = [
            models.UniqueConstraint(
                fields=("child", "parent_type", "parent_key"), name="lineage_parent_once"
            )
        ]
        indexes = [
            models.Index(fields=("parent_type", "parent_key"), name="lineage_by_key"),
            # Read once a day.
            models.Index(fields=("id",), name="lineage_waiting", condition=Q(parent__isnull=True)),
        ]

    def __str__(self) -> str:
        """Show both ends."""
        return f"{self.parent_name} -> {self.child_id}"
