"""The forms of bodies about uploads; those of everything else are in `serializers.py`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from artifacts.api.rendering import AnswerSerializer
from artifacts.api.serializers import FlagField, TextField, WholeNumberField
from artifacts.enums import UploadState

# What a bucket takes bytes by, and the registry's own links do.
UPLOAD_METHODS = ("PUT",)


class UploadSerializer(serializers.Serializer[Any]):
    """An announced zip."""

    filename = TextField()
    size_bytes = WholeNumberField()
    sha256 = TextField(
        required=False, help_text="64 hexadecimal digits; may be left out where parts are sent."
    )
    in_parts = FlagField(
        required=False, help_text="Send it in parts even if it is small. Large ones always are."
    )


class UploadTargetSerializer(AnswerSerializer):
    """Where to send an announced zip, and under which url to register it afterwards.

    Either all at once to `upload_url`, or in `part_count` parts of `part_size_bytes`, for which
    `/uploads/{upload_id}/parts` gives the addresses.
    """

    id = serializers.UUIDField()
    url = serializers.CharField()
    upload_url = serializers.URLField(required=False)
    method = serializers.ChoiceField(UPLOAD_METHODS, required=False)
    headers = serializers.DictField(child=serializers.CharField(), required=False)
    part_size_bytes = serializers.IntegerField(required=False)
    part_count = serializers.IntegerField(required=False)


class PartRequestSerializer(serializers.Serializer[Any]):
    """A part that is about to be sent."""

    number = WholeNumberField(help_text="From 1.")
    sha256 = TextField(help_text="Of this part, as 64 hexadecimal digits.")


class PartRequestsSerializer(serializers.Serializer[Any]):
    """Parts that are about to be sent."""

    parts = PartRequestSerializer(many=True)


class PartTargetSerializer(AnswerSerializer):
    """Where and how a part may be sent."""

    number = serializers.IntegerField()
    upload_url = serializers.URLField()
    method = serializers.ChoiceField(UPLOAD_METHODS)
    headers = serializers.DictField(child=serializers.CharField())


class PartTargetsSerializer(AnswerSerializer):
    """Where and how parts may be sent."""

    parts = PartTargetSerializer(many=True)


class PartDigestsSerializer(serializers.Serializer[Any]):
    """The digest of each part, in the order of their numbers."""

    sha256 = serializers.ListField(child=TextField())


class StoredPartSerializer(AnswerSerializer):
    """A part that arrived; `sha256` is empty where the bucket does not tell it."""

    number = serializers.IntegerField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField(allow_blank=True)


class UploadStateSerializer(AnswerSerializer):
    """How far an upload is. `parts` lists those that arrived, until they are joined."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    filename = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(UploadState.choices())
    reason = serializers.CharField(allow_blank=True)
    part_size_bytes = serializers.IntegerField(required=False)
    part_count = serializers.IntegerField(required=False)
    parts = StoredPartSerializer(many=True)
