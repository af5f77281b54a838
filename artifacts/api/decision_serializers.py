"""What is answered about decisions."""

from __future__ import annotations

from rest_framework import serializers

from artifacts.api.rendering import AnswerSerializer
from artifacts.enums import ArtifactType, DecisionState


class DecisionLineSerializer(AnswerSerializer):
    """One decision, as it was made."""

    revision = serializers.IntegerField(help_text="The number of the revision.")
    decision = serializers.ChoiceField(DecisionState.choices(), source="state")
    reason = serializers.CharField(
        required=False, help_text="Absent for a quarantine, unless the caller may decide."
    )
    decided_by = serializers.CharField(
        required=False, help_text="A user's name; absent where the registry decided itself."
    )
    found_by = serializers.CharField(
        required=False, help_text="What of the registry found the reason, such as a scan."
    )
    decided_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(
        required=False, help_text="When the approval ends; absent if it does not."
    )
    waived = serializers.ListField(
        child=serializers.CharField(), help_text="Failures of the gate that it overlooks."
    )
    is_effective = serializers.BooleanField(
        help_text="False for what waits, or waited, for a second person."
    )
    seconds = serializers.CharField(
        required=False, help_text="Whose word this one completed, where that was needed."
    )


class AgainstParentSerializer(AnswerSerializer):
    """A parent of which the current revision was rejected or is in quarantine."""

    id = serializers.CharField(source="artifact_id")
    name = serializers.CharField()
    type = serializers.ChoiceField(ArtifactType.choices(), source="artifact_type")
    decision = serializers.ChoiceField(DecisionState.choices())


class DecisionsSerializer(AnswerSerializer):
    """What was decided on a revision, what holds now, and all that was decided before."""

    revision = serializers.IntegerField(help_text="The number of the revision asked for.")
    decision = serializers.ChoiceField(DecisionState.choices(), source="state")
    expires_at = serializers.DateTimeField(
        required=False, help_text="When the approval that holds ends; absent if it does not."
    )
    waits_for_second = DecisionLineSerializer(
        source="waiting", required=False, help_text="What takes effect once another agrees."
    )
    failures = serializers.ListField(
        child=serializers.CharField(),
        help_text="The metrics by which it fails the gate: an approval waives them by name.",
    )
    parents_against = AgainstParentSerializer(many=True)
    links_end_within_s = serializers.IntegerField(
        help_text="Links to bytes that were given out before may work for so long."
    )
    history = DecisionLineSerializer(
        many=True, source="lines", help_text="The newest on all revisions of it, the last first."
    )
