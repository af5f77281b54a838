"""The audit of names that may be mistaken for others: what it is asked, and what it answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from artifacts.api.rendering import AnswerSerializer
from artifacts.api.serializers import TextField
from artifacts.enums import ArtifactType, SourceKind
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.identity import ID_PATTERN


class AuditedNameSerializer(serializers.Serializer[Any]):
    """A name to look for: of a registered artifact by its id, or any other by itself."""

    id = serializers.RegexField(ID_PATTERN, required=False, help_text="A registered artifact.")
    name = TextField(
        required=False, help_text="A name that is not registered, with its owner: owner/name."
    )
    type = serializers.ChoiceField(ArtifactType.choices(), default=ArtifactType.MODEL)
    source_kind = serializers.ChoiceField(
        SourceKind.choices(),
        default=SourceKind.HUGGINGFACE_MODEL,
        help_text="Where that name is from.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what names nothing, or two things."""
        if bool(attrs.get("id")) == bool(attrs.get("name")):
            raise serializers.ValidationError("Give either an id or a name.")
        return attrs


class ConfusedArtifactSerializer(AnswerSerializer):
    """One of two artifacts that may be mistaken for each other, and how popular it is."""

    id = serializers.RegexField(
        ID_PATTERN, required=False, source="shown_id", help_text="Absent if it is not registered."
    )
    name = serializers.CharField()
    type = serializers.ChoiceField(ArtifactType.choices())
    repository = serializers.CharField(help_text="What its source calls it.")
    users = serializers.IntegerField(
        help_text="How many different users of this registry downloaded it."
    )
    searchers = serializers.IntegerField(
        help_text="How many different users searched for it within 30 days."
    )
    searches = serializers.IntegerField(
        help_text="On how many days they did: each user counts once a day."
    )
    downloads = serializers.IntegerField(
        required=False, help_text="As its source counted them when it was registered."
    )
    likes = serializers.IntegerField(required=False, help_text="Likewise.")


class LookAlikeSerializer(AnswerSerializer):
    """A suspected artifact, and everything that speaks for a confusion."""

    suspect = ConfusedArtifactSerializer()
    resembles = ConfusedArtifactSerializer(source="other")
    mechanism = serializers.ChoiceField(Mechanism.choices())
    detail = serializers.CharField(help_text="What is alike, as a sentence.")
    score = serializers.FloatField(help_text="How sure it is, from 0 to 1.")
    copied = serializers.ListField(
        child=serializers.CharField(), help_text="What of the other's card and weights it has."
    )
    inflated_downloads = serializers.ListField(
        child=serializers.CharField(),
        source="inflated",
        help_text="What looks made up about its downloads here within 30 days.",
    )
    found_at = serializers.DateTimeField(
        required=False, help_text="Absent for what was found just now and is not kept."
    )


class NameAuditSerializer(AnswerSerializer):
    """What one of the names may be mistaken for, or what for it."""

    asked = serializers.CharField(help_text="The id or the name.")
    look_alikes = LookAlikeSerializer(many=True)
