"""Revisions: immutable states of an artifact, their files and version tags."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from artifacts.enums import ContentState, DecisionState, Part, SourceKind
from artifacts.limits import PATH_MAX_CHARS, URL_MAX_CHARS, USERNAME_MAX_CHARS
from artifacts.rules.digest import SHA256_CHARS, Sha256


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Common selections."""

    def shown(self) -> RevisionQuerySet:
        """Leave out those in quarantine."""
        return self.exclude(decision=DecisionState.QUARANTINED)


class Revision(models.Model):
    """One state of an artifact as its source gave it.

    Written by `services.catalogue.registration`. Fixed after creation, except for the rating, the
    decision, what the mirror updates (the content state, its reason, `size_bytes` and
    `stored_bytes`), and tags for which the registration had no request left. The README of the
    current revision is in `SearchDocument`; those of older ones are in the bucket's records.
    """

    artifact = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="revisions"
    )
    # 1 for the first state of an artifact, then 2, 3, ...
    number = models.PositiveIntegerField()
    # The URL as the client wrote it.
    url = models.CharField(max_length=URL_MAX_CHARS)
    source_kind: models.CharField[SourceKind, str] = models.CharField(
        max_length=20, choices=SourceKind.choices()
    )
    # The name at the source, such as `openai/whisper-tiny`, after redirects.
    repository = models.CharField(max_length=URL_MAX_CHARS)
    ref = models.CharField(max_length=255, blank=True)
    folder = models.CharField(max_length=PATH_MAX_CHARS, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    # As the source states it (SPDX id, Hub id, "" for none).
    license = models.CharField(max_length=255, blank=True)
    # Total size of the listed files; None if the source lists no sizes.
    size_bytes = models.BigIntegerField(null=True)
    # The front matter of the card, config.json, and facts such as downloads and likes.
    card = models.JSONField(default=dict)
    config = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    # The source's tags by name, each with its target commit: those that led to this revision or an
    # earlier one of the artifact when its source was asked. At most TAG_TARGETS_MAX.
    tag_targets = models.JSONField(default=dict, db_default={})
    content_state: models.CharField[ContentState, str] = models.CharField(
        max_length=10, choices=ContentState.choices(), default=ContentState.PENDING
    )
    # Why the content is link_only or failed, or what is wrong with files in it; "" otherwise.
    content_reason = models.TextField(blank=True)
    stored_bytes = models.BigIntegerField(default=0)
    # Only models are rated.
    current_rating = models.OneToOneField(
        "artifacts.Rating", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=USERNAME_MAX_CHARS)
    # The decision that holds, and how long an approval does (None: without end). `Decision` has
    # who, when and why; `services.trust.decisions` writes both.
    decision: models.CharField[DecisionState, str] = models.CharField(
        max_length=12,
        choices=DecisionState.choices(),
        default=DecisionState.UNDECIDED,
        db_default=DecisionState.UNDECIDED,
    )
    approved_until = models.DateTimeField(null=True)

    objects = RevisionQuerySet.as_manager()

    # What only the source, the rating and the Hub's clients need may have megabytes: lists do not
    # read it.
    LARGE_FIELDS = ("card", "config", "facts", "tag_targets")

    class Meta:
        """Numbered once per artifact."""

        constraints = [
            models.UniqueConstraint(fields=("artifact", "number"), name="revision_number_once")
        ]
        indexes = [
            # Uploads that are still needed. Only those: sources' names may be too long to index.
            models.Index(
                fields=("repository",),
                name="revision_of_upload",
                condition=Q(source_kind="upload", content_state__in=("pending", "failed")),
            ),
            # Clients that pin a commit ask for it, whichever ref was registered with it.
            models.Index(
                fields=("commit", "artifact"), name="revision_by_commit", condition=~Q(commit="")
            ),
            # The few that are hidden, of which each list asks.
            models.Index(
                fields=("artifact", "id"),
                name="revision_quarantined",
                condition=Q(decision="quarantined"),
            ),
            # What the catalogue narrows by, so that it need not read past cards and facts. The
            # last columns only spare it the row.
            models.Index(
                fields=(
                    "license",
                    "content_state",
                    "source_kind",
                    "size_bytes",
                    "current_rating",
                    "id",
                ),
                name="revision_facets",
            ),
            # The order in which artifacts changed last.
            models.Index(fields=("created_at", "id"), name="revision_by_date"),
            models.Index(
                fields=(
                    "size_bytes",
                    "id",
                    "license",
                    "content_state",
                    "source_kind",
                    "current_rating",
                ),
                name="revision_by_size",
            ),
        ]

    def __str__(self) -> str:
        """Show artifact and number."""
        return f"{self.artifact_id} revision {self.number}"


class VersionTag(models.Model):
    """A tag of the source that is a version, with a number in the order of versions.

    See `rules.search.versions` for the number.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="version_tags")
    tag = models.CharField(max_length=255)
    version_key = models.DecimalField(max_digits=30, decimal_places=0)

    class Meta:
        """Indexed for ranges."""

        indexes = [models.Index(fields=("version_key", "revision"), name="versiontag_by_key")]

    def __str__(self) -> str:
        """Show the tag."""
        return self.tag


class File(models.Model):
    """A file in a revision; it has a blob once its bytes are stored."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=PATH_MAX_CHARS)
    part: models.CharField[Part, str] = models.CharField(max_length=10, choices=Part.choices())
    # None until known: some sources list no sizes.
    size_bytes = models.BigIntegerField(null=True)
    # What the source states: `sha256:<hex>`, `git:<hex>` (SHA-1 of a git blob), or "" for nothing.
    source_digest = models.CharField(max_length=80, blank=True)
    # What is wrong with the content, as a sentence; "" for nothing that is known. The bytes are
    # kept all the same: they are those that the source stated.
    fault = models.TextField(blank=True, default="", db_default="")
    blob = models.ForeignKey(
        "artifacts.Blob", null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )

    class Meta:
        """Each path once per revision."""

        ordering = ("path",)
        constraints = [models.UniqueConstraint(fields=("revision", "path"), name="file_path_once")]

    def __str__(self) -> str:
        """Show the path."""
        return self.path


class Blob(models.Model):
    """Bytes named by their SHA-256, stored once even if many files share them."""

    sha256: models.CharField[Sha256, Sha256] = models.CharField(
        max_length=SHA256_CHARS, primary_key=True
    )
    size_bytes = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Show the start of the digest."""
        return self.sha256[:12]
