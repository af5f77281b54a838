"""What clients are answered about scans."""

from __future__ import annotations

from rest_framework import serializers

from artifacts.api.rendering import AnswerSerializer
from artifacts.enums import ScanVerdict


class ScanFindingSerializer(AnswerSerializer):
    """One thing that was found."""

    verdict = serializers.ChoiceField(ScanVerdict.choices())
    scanner = serializers.CharField()
    sentence = serializers.CharField()
    name = serializers.CharField(
        help_text="The global that staff may allow, such as `os.system`; empty for none."
    )
    place = serializers.CharField(help_text="The member of an archive; empty for the file itself.")
    allowed = serializers.CharField(help_text="Why staff allows it; empty if nobody does.")


class FileScanSerializer(AnswerSerializer):
    """A file in which something was found."""

    path = serializers.CharField()
    verdict = serializers.ChoiceField(ScanVerdict.choices())
    findings = ScanFindingSerializer(many=True)


class ScansSerializer(AnswerSerializer):
    """What the scan of an artifact's current revision found."""

    verdict = serializers.ChoiceField(
        ScanVerdict.choices(), required=False, help_text="Absent while nothing is scanned."
    )
    why_not = serializers.CharField(help_text="Why nothing is scanned yet; empty otherwise.")
    scanned_at = serializers.DateTimeField(required=False)
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many files have each verdict."
    )
    files = FileScanSerializer(many=True)
    is_cut = serializers.BooleanField(help_text="Whether there are more such files.")
