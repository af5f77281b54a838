"""How the registry is, as it is answered (contract: HealthSummaryResponse and what belongs to it).

The contract's fields that this registry does not answer (logs, clients) are left out.
"""

from __future__ import annotations

from typing import get_args

from rest_framework import serializers

from artifacts.api.rendering import AnswerSerializer
from artifacts.enums import RegistryMode
from artifacts.selectors.upkeep.components import Severity, Status

STATUSES = [each.value for each in Status]
SEVERITIES = get_args(Severity)


class HealthRequestSummarySerializer(AnswerSerializer):
    """What was asked of the registry within the window."""

    window_start = serializers.DateTimeField(source="started_at")
    window_end = serializers.DateTimeField(source="ended_at")
    total_requests = serializers.IntegerField(source="total", min_value=0)
    per_route = serializers.DictField(child=serializers.IntegerField(min_value=0))
    per_artifact_type = serializers.DictField(
        source="per_type", child=serializers.IntegerField(min_value=0)
    )


class HealthMigrationsSerializer(AnswerSerializer):
    """Which changes of the tables the database has had."""

    newest = serializers.DictField(
        child=serializers.CharField(), help_text="The newest that it has had, by application."
    )
    pending = serializers.ListField(
        child=serializers.CharField(), help_text="What the code has and the database has not."
    )


class HealthReleaseSerializer(AnswerSerializer):
    """Which package answers; absent where there is none."""

    version = serializers.CharField(required=False)
    commit = serializers.CharField(required=False)
    built_at = serializers.DateTimeField(required=False)
    migrations = serializers.DictField(child=serializers.CharField(), required=False)


class HealthComponentBriefSerializer(AnswerSerializer):
    """How one component is."""

    id = serializers.CharField()
    display_name = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    issue_count = serializers.IntegerField(min_value=0)


class HealthSummarySerializer(AnswerSerializer):
    """How the registry is; the worst component is first."""

    status = serializers.ChoiceField(STATUSES)
    checked_at = serializers.DateTimeField()
    window_minutes = serializers.IntegerField(min_value=5)
    uptime_seconds = serializers.IntegerField(min_value=0)
    version = serializers.CharField()
    mode = serializers.ChoiceField(RegistryMode.choices())
    components = HealthComponentBriefSerializer(many=True)
    release = HealthReleaseSerializer(required=False)
    request_summary = HealthRequestSummarySerializer(
        required=False, help_text="Absent while the database is away."
    )
    migrations = HealthMigrationsSerializer(
        required=False, help_text="Absent while the database is away."
    )


class HealthIssueSerializer(AnswerSerializer):
    """What is wrong with a component, and what helps."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(SEVERITIES)
    summary = serializers.CharField()
    details = serializers.CharField()


class HealthTimelineEntrySerializer(AnswerSerializer):
    """What was counted in one minute."""

    bucket = serializers.DateTimeField()
    value = serializers.FloatField()
    unit = serializers.CharField()


class HealthComponentDetailSerializer(AnswerSerializer):
    """How one component is, in detail."""

    id = serializers.CharField()
    display_name = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    observed_at = serializers.DateTimeField()
    description = serializers.CharField()
    metrics = serializers.DictField(help_text="Numbers, words and flags by name.")
    issues = HealthIssueSerializer(many=True)
    timeline = HealthTimelineEntrySerializer(
        many=True, required=False, help_text="With includeTimeline=true."
    )


class HealthComponentsSerializer(AnswerSerializer):
    """How each component is."""

    generated_at = serializers.DateTimeField()
    window_minutes = serializers.IntegerField(min_value=5)
    components = HealthComponentDetailSerializer(many=True)
