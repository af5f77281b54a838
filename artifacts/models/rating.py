"""Ratings: what the registry thinks of a model, and why."""

from django.db import models
from django.db.models import Q

from artifacts.enums import GateVerdict
from artifacts.limits import USERNAME_MAX_CHARS


class Rating(models.Model):
    """One judgement of a revision.

    Written by `services.rating`. A revision keeps all of them, newest last; its `current_rating`
    is the one that counts. Fixed after creation but the tree score with what follows from it (gate,
    `summary`), which moves when a parent is registered or rated anew.
    """

    revision = models.ForeignKey(
        "artifacts.Revision", on_delete=models.CASCADE, related_name="ratings"
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=USERNAME_MAX_CHARS)
    # `rules.rating.RULES_VERSION` of the time: scores of different versions do not compare.
    rules_version = models.PositiveIntegerField()
    # The model's task, as in `fill-mask`, or `other`.
    category = models.CharField(max_length=100)
    # From 0 to 1.
    net_score = models.FloatField()
    tree_score = models.FloatField()
    gate = models.CharField(max_length=10, choices=GateVerdict)
    # One sentence for each metric that fails the gate.
    gate_reasons = models.JSONField(default=list)
    # The scores and latencies exactly as the contract's ModelRating has them.
    summary = models.JSONField(default=dict)
    # For each metric: score (null for unknown), reason, facts, parts, latency_s.
    results = models.JSONField(default=dict)
    # The evidence as it was gathered: `rules.rating.evidence` as data.
    evidence = models.JSONField(default=dict)
    # True when a source did not answer: it is rated again later.
    is_incomplete = models.BooleanField(default=False)

    # What lists leave in the database.
    LARGE_FIELDS = ("evidence", "results", "summary")

    class Meta:
        """Found by revision, newest first."""

        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=("created_at",),
                name="rating_incomplete",
                condition=Q(is_incomplete=True),
            ),
            models.Index(fields=("gate", "net_score"), name="rating_by_gate"),
        ]

    def __str__(self) -> str:
        """Show the net score."""
        return f"{self.net_score:.2f} ({self.gate})"
