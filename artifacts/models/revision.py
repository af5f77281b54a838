"""Revisions: immutable states of an artifact, their files and version tags."""

from django.db import models
from django.db.models import Q

from artifacts.enums import ContentState, Part, SourceKind
from artifacts.limits import PATH_MAX_CHARS, URL_MAX_CHARS, USERNAME_MAX_CHARS


class Revision(models.Model):
    """One state of an artifact as its source gave it.

    Written by `services.registration`. Everything is fixed after creation but the content state
    with its reason and `stored_bytes`, which the mirror moves on, and the rating. The README of the
    current revision is in `SearchDocument`; that of older ones in the bucket's record.
    """

    artifact = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="revisions"
    )
    # 1 for the first state of an artifact, then 2, 3, ...
    number = models.PositiveIntegerField()
    # As the client wrote it.
    url = models.CharField(max_length=URL_MAX_CHARS)
    source_kind = models.CharField(max_length=20, choices=SourceKind)
    # The source's own word for the thing, as in `openai/whisper-tiny`, after its redirects.
    repository = models.CharField(max_length=URL_MAX_CHARS)
    ref = models.CharField(max_length=255, blank=True)
    folder = models.CharField(max_length=PATH_MAX_CHARS, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    # As the source states it (SPDX id, Hub id, or "" for none stated).
    license = models.CharField(max_length=255, blank=True)
    # Sum of the listed files; None when the source lists no sizes.
    size_bytes = models.BigIntegerField(null=True)
    # The front matter of the card, config.json, and facts such as downloads and likes.
    card = models.JSONField(default=dict)
    config = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    content_state = models.CharField(
        max_length=10, choices=ContentState, default=ContentState.PENDING
    )
    # Why the content is link_only or failed, in a sentence; "" otherwise.
    content_reason = models.TextField(blank=True)
    stored_bytes = models.BigIntegerField(default=0)
    # Only models are rated.
    current_rating = models.OneToOneField(
        "artifacts.Rating", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=USERNAME_MAX_CHARS)

    class Meta:
        """Numbered once per artifact."""

        constraints = [
            models.UniqueConstraint(fields=("artifact", "number"), name="revision_number_once")
        ]
        indexes = [
            # Uploads that are still needed. Only theirs: an index takes no long name of a source.
            models.Index(
                fields=("repository",),
                name="revision_of_upload",
                condition=Q(source_kind="upload", content_state__in=("pending", "failed")),
            )
        ]

    def __str__(self) -> str:
        """Show artifact and number."""
        return f"{self.artifact_id} revision {self.number}"


class VersionTag(models.Model):
    """A tag of the source that reads as a version, as a number that compares like one.

    See `rules.search.versions` for the number.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="version_tags")
    tag = models.CharField(max_length=255)
    version_key = models.DecimalField(max_digits=30, decimal_places=0)

    class Meta:
        """Found by range."""

        indexes = [models.Index(fields=("version_key", "revision"), name="versiontag_by_key")]

    def __str__(self) -> str:
        """Show the tag."""
        return self.tag


class File(models.Model):
    """A path inside a revision; its blob once it is kept."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=PATH_MAX_CHARS)
    part = models.CharField(max_length=10, choices=Part)
    # None until known: some sources list no sizes.
    size_bytes = models.BigIntegerField(null=True)
    # What the source states: `sha256:<hex>`, `git:<hex>` (SHA-1 of a git blob), or "" for nothing.
    source_digest = models.CharField(max_length=80, blank=True)
    blob = models.ForeignKey(
        "artifacts.Blob", null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )

    class Meta:
        """A path once per revision."""

        ordering = ("path",)
        constraints = [models.UniqueConstraint(fields=("revision", "path"), name="file_path_once")]

    def __str__(self) -> str:
        """Show the path."""
        return self.path


class Blob(models.Model):
    """Bytes named by their SHA-256, stored once however many files share them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size_bytes = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Show the start of the digest."""
        return self.sha256[:12]
