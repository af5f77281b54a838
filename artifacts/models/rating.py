"""Ratings: the registry's judgements of models, with reasons; marks by which copies are found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from artifacts.enums import GateVerdict, MarkKind
from artifacts.limits import USERNAME_MAX_CHARS


class Rating(models.Model):
    """One judgement of a revision.

    Written by `services.trust.rating`. A revision keeps all its ratings; `current_rating` is the
    valid one. Fixed after creation, except for the tree score and what follows from it (gate,
    `summary`), which change when a parent is registered or rated again.
    """

    revision = models.ForeignKey(
        "artifacts.Revision", on_delete=models.CASCADE, related_name="ratings"
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=USERNAME_MAX_CHARS)
    # `rules.rating.judgement.RULES_VERSION` at the time: scores of other versions do not compare.
    rules_version = models.PositiveIntegerField()
    # The model's task, such as `fill-mask`, or `other`.
    category = models.CharField(max_length=100)
    # From 0 to 1.
    net_score = models.FloatField()
    tree_score = models.FloatField()
    gate: models.CharField[GateVerdict, str] = models.CharField(
        max_length=10, choices=GateVerdict.choices()
    )
    # One sentence for each metric that keeps the model from passing.
    gate_reasons = models.JSONField(default=list)
    # By metric. {}: by rules that had but one threshold (before version 3).
    gate_thresholds = models.JSONField(default=dict, db_default={})
    # The scores and latencies in the form of the contract's ModelRating.
    summary = models.JSONField(default=dict)
    # For each metric: score (null for unknown), reason, facts, parts, latency_s.
    results = models.JSONField(default=dict)
    # The gathered evidence: `rules.rating.evidence` as data.
    evidence = models.JSONField(default=dict)
    # True if a source did not answer: the model is rated again later.
    is_incomplete = models.BooleanField(default=False)

    # Fields that lists do not read.
    LARGE_FIELDS = ("evidence", "results", "summary")

    class Meta:
        """Indexed by revision, newest first."""

        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=("created_at",),
                name="rating_incomplete",
                condition=Q(is_incomplete=True),
            ),
            models.Index(fields=("gate", "net_score"), name="rating_by_gate"),
            # What the catalogue sorts and narrows by, so that it need not read past the evidence.
            models.Index(
                fields=("net_score", "id", "gate", "category", "rules_version", "is_incomplete"),
                name="rating_facets",
            ),
        ]

    def __str__(self) -> str:
        """Show the net score."""
        return f"{self.net_score:.2f} ({self.gate})"


class ContentMark(models.Model):
    """A hash out of the current card, or of a file of weights, of a model.

    Written by `services.trust.copies` with each rating. A card has at most
    `rules.rating.phrases.MARKS_MAX` of them.
    """

    artifact = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="content_marks"
    )
    kind: models.CharField[MarkKind, str] = models.CharField(
        max_length=10, choices=MarkKind.choices()
    )
    value = models.BigIntegerField()

    class Meta:
        """Each once per artifact; indexed to find others that have it."""

        constraints = [
            models.UniqueConstraint(fields=("artifact", "kind", "value"), name="content_mark_once")
        ]
        indexes = [models.Index(fields=("kind", "value", "artifact"), name="content_mark_by_value")]

    def __str__(self) -> str:
        """Show kind and value."""
        return f"{self.kind} {self.value:x}"
