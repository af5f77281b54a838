"""The forms of bodies: what comes in is checked here, what goes out is described for the schema."""

from __future__ import annotations

import string
from typing import Any

from rest_framework import serializers

from artifacts.enums import ArtifactType, AuditAction, Part
from artifacts.services.users import PERMISSIONS

ID_PATTERN = r"^[a-zA-Z0-9\-]+$"
ID_LETTERS = frozenset(string.ascii_letters + string.digits + "-")


class TextField(serializers.CharField):
    """A JSON string, taken exactly as it is: no number passes for one, no space is cut off."""

    def __init__(self, **options: Any) -> None:
        """Allow the empty string: what is wrong with one, the rules say better."""
        super().__init__(trim_whitespace=False, allow_blank=True, **options)

    def to_internal_value(self, data: Any) -> str:
        """Refuse everything but strings."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    """A JSON true or false; no word or number passes for one."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse everything but booleans."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeNumberField(serializers.IntegerField):
    """A JSON whole number; no text passes for one."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse everything but whole numbers."""
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class ArtifactDataSerializer(serializers.Serializer[Any]):
    """Where an artifact comes from."""

    url = TextField(help_text="The artifact's source, one public URL or an upload's url.")
    download_url = serializers.URLField(
        read_only=True, required=False, help_text="Where the registry hands out the bytes."
    )


class RegistrationSerializer(ArtifactDataSerializer):
    """A registration: the url, and a name if the last part of the url will not do."""

    name = TextField(required=False)


class ArtifactMetadataSerializer(serializers.Serializer[Any]):
    """Name, id and type."""

    name = TextField()
    id = serializers.RegexField(ID_PATTERN)
    type = serializers.ChoiceField(ArtifactType.choices)


class ArtifactSerializer(serializers.Serializer[Any]):
    """An artifact as it is sent and received."""

    metadata = ArtifactMetadataSerializer()
    data = ArtifactDataSerializer()  # type: ignore[assignment]  # the contract's name for it


class ArtifactQuerySerializer(serializers.Serializer[Any]):
    """What is looked for. A misspelt filter would widen the search: unknown fields are refused."""

    name = TextField(help_text="Exactly this name; * for every name.")
    types = serializers.ListField(
        child=serializers.ChoiceField(ArtifactType.choices), required=False, allow_empty=True
    )
    version = TextField(
        required=False, help_text="1.2.3, 1.2.3-2.1.0, ~1.2.0 or ^1.2.0, over the source's tags."
    )

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown fields."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({unknown[0][:100]: "There is no such field."})
        return super().to_internal_value(data)


class RegExSerializer(serializers.Serializer[Any]):
    """A regular expression over names and READMEs, in RE2 syntax."""

    regex = TextField()


class UserSerializer(serializers.Serializer[Any]):
    """A user as the contract shows one."""

    name = TextField()
    is_admin = FlagField()


class SecretSerializer(serializers.Serializer[Any]):
    """A user's password."""

    password = TextField()


class AuthenticationSerializer(serializers.Serializer[Any]):
    """Signing in. `is_admin` is accepted and not believed."""

    user = UserSerializer()
    secret = SecretSerializer()


class AuditEntrySerializer(serializers.Serializer[Any]):
    """Who did what to which artifact, when."""

    user = UserSerializer()
    date = serializers.DateTimeField()
    artifact = ArtifactMetadataSerializer()
    action = serializers.ChoiceField(
        [(each.value, each.label) for each in AuditAction if each != AuditAction.DELETE]
    )


class LicenseCheckSerializer(serializers.Serializer[Any]):
    """The GitHub project that wants to use a model."""

    github_url = TextField()


class PermissionsSerializer(serializers.Serializer[Any]):
    """Exactly what a user may do."""

    permissions = serializers.ListField(child=serializers.ChoiceField(PERMISSIONS))
    is_admin = FlagField(required=False)


class NewUserSerializer(serializers.Serializer[Any]):
    """A new user: flat, or in the two parts that `AuthenticationRequest` has."""

    name = TextField(required=False)
    password = TextField(required=False)
    is_admin = FlagField(required=False)
    permissions = serializers.ListField(
        child=serializers.ChoiceField(PERMISSIONS), required=False, default=list
    )
    user = UserSerializer(required=False)
    secret = SecretSerializer(required=False)


class UserDetailSerializer(UserSerializer):
    """A user with permissions, as administrators see one."""

    permissions = serializers.ListField(child=serializers.ChoiceField(PERMISSIONS))


class SizeScoreSerializer(serializers.Serializer[Any]):
    """How well the weights fit each device."""

    raspberry_pi = serializers.FloatField()
    jetson_nano = serializers.FloatField()
    desktop_pc = serializers.FloatField()
    aws_server = serializers.FloatField()


class ModelRatingSerializer(serializers.Serializer[Any]):
    """Scores from 0 to 1 (reviewedness: -1 without a repository) and latencies in seconds."""

    name = serializers.CharField()
    category = serializers.CharField()
    net_score = serializers.FloatField()
    net_score_latency = serializers.FloatField()
    ramp_up_time = serializers.FloatField()
    ramp_up_time_latency = serializers.FloatField()
    bus_factor = serializers.FloatField()
    bus_factor_latency = serializers.FloatField()
    performance_claims = serializers.FloatField()
    performance_claims_latency = serializers.FloatField()
    license = serializers.FloatField()
    license_latency = serializers.FloatField()
    dataset_and_code_score = serializers.FloatField()
    dataset_and_code_score_latency = serializers.FloatField()
    dataset_quality = serializers.FloatField()
    dataset_quality_latency = serializers.FloatField()
    code_quality = serializers.FloatField()
    code_quality_latency = serializers.FloatField()
    reproducibility = serializers.FloatField()
    reproducibility_latency = serializers.FloatField()
    reviewedness = serializers.FloatField()
    reviewedness_latency = serializers.FloatField()
    tree_score = serializers.FloatField()
    tree_score_latency = serializers.FloatField()
    size_score = SizeScoreSerializer()
    size_score_latency = serializers.FloatField()
    is_incomplete = serializers.BooleanField(
        required=False, help_text="With evidence=true: whether a metric could not be computed yet."
    )
    gate = serializers.DictField(
        required=False, help_text="With evidence=true: the verdict, and why it fails."
    )
    evidence = serializers.DictField(
        required=False, help_text="With evidence=true: score, reason and facts of each metric."
    )


class LineageNodeSerializer(serializers.Serializer[Any]):
    """A model of a family."""

    artifact_id = serializers.CharField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a word of the contract
    metadata = serializers.DictField(required=False)


class LineageEdgeSerializer(serializers.Serializer[Any]):
    """From a parent to a child."""

    from_node_artifact_id = serializers.CharField()
    to_node_artifact_id = serializers.CharField()
    relationship = serializers.CharField()


class LineageGraphSerializer(serializers.Serializer[Any]):
    """A family of models."""

    nodes = LineageNodeSerializer(many=True)
    edges = LineageEdgeSerializer(many=True)


# A schema and no serializer: the keys are ids, which drf-spectacular has no serializer for.
# MB by artifact id; `standalone_cost` only where dependencies were asked for.
COSTS_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"standalone_cost": {"type": "number"}, "total_cost": {"type": "number"}},
        "required": ["total_cost"],
    },
}


class TracksSerializer(serializers.Serializer[Any]):
    """Which tracks are really implemented."""

    plannedTracks = serializers.ListField(child=serializers.CharField())  # noqa: N815  (contract)


class ErrorDetailSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    code = serializers.CharField()
    message = serializers.CharField()
    request_id = serializers.CharField()


class ErrorSerializer(serializers.Serializer[Any]):
    """The body of every refusal."""

    error = ErrorDetailSerializer()


DOWNLOAD_PARTS = [each.value for each in Part if each != Part.CONFIG]
