"""What artifacts were made from."""

from django.db import models
from django.db.models import Q

from artifacts.enums import ArtifactType
from artifacts.limits import NAME_MAX_CHARS, SOURCE_KEY_MAX_CHARS, URL_MAX_CHARS


class LineageEdge(models.Model):
    """An artifact was made from another: a model from its base model, data set or code.

    Written by `services.lineage`. `parent` is empty while nobody has registered what `parent_key`
    names; registering it fills it in, deleting it empties it again.
    """

    child = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="parent_edges"
    )
    parent_type = models.CharField(max_length=10, choices=ArtifactType)
    # As `Artifact.source_key`: the identity of the parent's source.
    parent_key = models.CharField(max_length=SOURCE_KEY_MAX_CHARS)
    parent_name = models.CharField(max_length=NAME_MAX_CHARS)
    # Its page, "" when it has none.
    parent_url = models.CharField(max_length=URL_MAX_CHARS, blank=True)
    parent = models.ForeignKey(
        "artifacts.Artifact",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="child_edges",
    )
    # `base_model`, `finetune`, `adapter`, `merge`, `quantized`, `conversion`, `training_dataset`,
    # `evaluation_dataset` or `code`.
    relationship = models.CharField(max_length=30)
    # Where it is written: `config_json`, `model_card`, `tags` or `readme`.
    origin = models.CharField(max_length=20)
    # What its source said when the child was registered; None for unknown.
    parent_size_bytes = models.BigIntegerField(null=True)

    class Meta:
        """A parent once per child; found from both ends, and by what is not registered yet."""

        constraints = [
            models.UniqueConstraint(
                fields=("child", "parent_type", "parent_key"), name="lineage_parent_once"
            )
        ]
        indexes = [
            models.Index(fields=("parent_type", "parent_key"), name="lineage_by_key"),
            # Walked once a day.
            models.Index(fields=("id",), name="lineage_waiting", condition=Q(parent__isnull=True)),
        ]

    def __str__(self) -> str:
        """Show both ends."""
        return f"{self.parent_name} -> {self.child_id}"
