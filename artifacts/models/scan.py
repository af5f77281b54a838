"""What scans found in blobs and in revisions, and what staff allows of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from artifacts.enums import ScanVerdict
from artifacts.limits import GLOBAL_MAX_CHARS, SCAN_KIND_MAX_CHARS, USERNAME_MAX_CHARS


class Scan(models.Model):
    """What scanning a blob found; each blob is scanned once for each way to read it.

    Written by `services.trust.scans`. Another revision with the same bytes finds the row. It says
    nothing of what staff allows.
    """

    blob = models.ForeignKey("artifacts.Blob", on_delete=models.CASCADE, related_name="scans")
    # How the bytes were read, which a file's name decides: `rules.scanning.kinds`.
    kind = models.CharField(max_length=SCAN_KIND_MAX_CHARS)
    # `rules.scanning.versions.SCAN_RULES_VERSION` at the time.
    rules_version = models.PositiveIntegerField()
    verdict: models.CharField[ScanVerdict, str] = models.CharField(
        max_length=10, choices=ScanVerdict.choices()
    )
    # `rules.scanning.findings` as data, the gravest first; at most `SCAN_FINDINGS_MAX`.
    findings = models.JSONField(default=list)
    scanned_at = models.DateTimeField()

    class Meta:
        """Each once."""

        constraints = [models.UniqueConstraint(fields=("blob", "kind"), name="scan_once")]

    def __str__(self) -> str:
        """Show verdict and kind."""
        return f"{self.verdict} ({self.kind})"


class RevisionScan(models.Model):
    """What the scans of a revision's files come to, with what staff allows.

    Written by `services.trust.scans` once all files were scanned, and again when rules or what is
    allowed change.
    """

    revision = models.OneToOneField(
        "artifacts.Revision", on_delete=models.CASCADE, primary_key=True, related_name="scan"
    )
    # Of the rules by which all files were scanned; 0 if the bytes of some were missing.
    rules_version = models.PositiveIntegerField()
    verdict: models.CharField[ScanVerdict, str] = models.CharField(
        max_length=10, choices=ScanVerdict.choices()
    )
    # How many files have each verdict.
    counts = models.JSONField(default=dict)
    # A sentence for each file that is suspicious or dangerous, at most `SCAN_SENTENCES_MAX`.
    sentences = models.JSONField(default=list)
    scanned_at = models.DateTimeField()

    class Meta:
        """Found by verdict, of which few are bad."""

        indexes = [
            models.Index(
                fields=("verdict",),
                name="revision_scan_found",
                condition=~Q(verdict=ScanVerdict.CLEAN),
            )
        ]

    def __str__(self) -> str:
        """Show the verdict."""
        return str(self.verdict)


class _GlobalWord(models.Model):
    """What staff said last about a global: when, and who."""

    # As findings name it, such as `os.system`.
    name = models.CharField(max_length=GLOBAL_MAX_CHARS)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=USERNAME_MAX_CHARS)

    class Meta:
        """Each kind of word has a table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class AllowedGlobal(_GlobalWord):
    """A global that staff allows pickles to load, for all artifacts or for one.

    Written by `services.trust.allowing`.
    """

    # None for all artifacts.
    artifact = models.ForeignKey(
        "artifacts.Artifact",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="allowed_globals",
    )
    reason = models.TextField()

    class Meta:
        """Each once for all, and once for an artifact."""

        constraints = [
            models.UniqueConstraint(fields=("name", "artifact"), name="allowed_global_once"),
            models.UniqueConstraint(
                fields=("name",), name="allowed_global_for_all_once", condition=Q(artifact=None)
            ),
        ]


class ForbiddenGlobal(_GlobalWord):
    """A global that staff allowed once, and no longer does, for all artifacts or for one.

    Written by `services.trust.allowing`. It keeps what the bucket, or another state of the rows,
    still holds from allowing the global again.
    """

    # None for all artifacts.
    artifact = models.ForeignKey(
        "artifacts.Artifact",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="forbidden_globals",
    )

    class Meta:
        """The last time for all, and the last time for an artifact."""

        constraints = [
            models.UniqueConstraint(fields=("name", "artifact"), name="forbidden_global_once"),
            models.UniqueConstraint(
                fields=("name",), name="forbidden_global_for_all_once", condition=Q(artifact=None)
            ),
        ]
