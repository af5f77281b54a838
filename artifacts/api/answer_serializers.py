"""What clients are answered: each shape once, for the schema and for the answer itself.

Those of uploads are in `upload_serializers.py`, those of health in `health_serializers.py`.
"""

from __future__ import annotations

from rest_framework import serializers

from artifacts.api.rendering import AnswerSerializer
from artifacts.enums import CONTRACT_ACTIONS, ArtifactType, GateVerdict, Part, TokenScope
from artifacts.rules.identity import ID_PATTERN
from artifacts.services.access.users import PERMISSIONS

DOWNLOAD_PARTS = [each.value for each in Part if each not in (Part.CONFIG, Part.OTHER)]
# The contract's words; what of it is implemented, the view says.
ALL_TRACKS = (
    "Performance track",
    "Access control track",
    "High assurance track",
    "Other Security track",
)


class ArtifactMetadataSerializer(AnswerSerializer):
    """Name, id and type."""

    name = serializers.CharField()
    id = serializers.RegexField(ID_PATTERN)
    type = serializers.ChoiceField(ArtifactType.choices())


class ArtifactDataSerializer(AnswerSerializer):
    """Where an artifact comes from, and where its bytes are."""

    url = serializers.CharField(
        help_text="The artifact's source, one public URL or an upload's url."
    )
    download_url = serializers.URLField(help_text="Where the registry hands out the bytes.")


class ArtifactSerializer(AnswerSerializer):
    """An artifact."""

    metadata = ArtifactMetadataSerializer()
    data = ArtifactDataSerializer()  # type: ignore[assignment]  # the contract's name for it


class UserSerializer(AnswerSerializer):
    """A user as the contract shows one."""

    name = serializers.CharField()
    is_admin = serializers.BooleanField()


class UserDetailSerializer(AnswerSerializer):
    """A user with permissions, as administrators see one."""

    name = serializers.CharField()
    is_admin = serializers.BooleanField()
    permissions = serializers.ListField(child=serializers.ChoiceField(PERMISSIONS))


class FetchedSerializer(AnswerSerializer):
    """What a client fetched file by file within a few minutes; one entry stands for all of it."""

    files = serializers.IntegerField(help_text="Files that were asked for from begin to end.")
    size_bytes = serializers.IntegerField(
        help_text="Bytes that were asked for, those of resumed and partial reads included."
    )


class ProgramTokenSerializer(AnswerSerializer):
    """A token for programs, without the token itself."""

    id = serializers.CharField(help_text="The SHA-256 of the token; deleting it takes this.")
    name = serializers.CharField()
    scope = serializers.ChoiceField(TokenScope.choices())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(
        required=False, help_text="The minute of its last use; absent if nobody used it."
    )


class MadeTokenSerializer(ProgramTokenSerializer):
    """A token for programs that was just made; nobody can read the token again."""

    token = serializers.CharField(help_text="Keep it: this is the only answer that has it.")


class AuditEntrySerializer(AnswerSerializer):
    """Who did what to which artifact, when."""

    user = UserSerializer(source="named_user")
    date = serializers.DateTimeField(source="created_at")
    artifact = ArtifactMetadataSerializer(source="named_artifact")
    action = serializers.ChoiceField([(each.value, each.label) for each in CONTRACT_ACTIONS])
    fetched = FetchedSerializer(
        source="tally", required=False, help_text="With a download file by file: how much it was."
    )


class SizeScoreSerializer(AnswerSerializer):
    """How well the weights fit each device."""

    raspberry_pi = serializers.FloatField()
    jetson_nano = serializers.FloatField()
    desktop_pc = serializers.FloatField()
    aws_server = serializers.FloatField()


class GateSerializer(AnswerSerializer):
    """The gate's verdict, and why it is none that passes."""

    verdict = serializers.ChoiceField(GateVerdict.choices())
    summary = serializers.CharField(help_text='As in "fails 2 of 9 known, 4 unknown".')
    reasons = serializers.ListField(child=serializers.CharField())
    thresholds = serializers.DictField(
        child=serializers.FloatField(), help_text="What was asked of each metric."
    )


class ModelRatingSerializer(AnswerSerializer):
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
    gate = GateSerializer(
        required=False, help_text="With evidence=true: the verdict, and why it fails."
    )
    evidence = serializers.DictField(
        required=False, help_text="With evidence=true: score, reason and facts of each metric."
    )


class LineageNodeSerializer(AnswerSerializer):
    """A model of a family."""

    artifact_id = serializers.RegexField(ID_PATTERN)
    name = serializers.CharField()
    source = serializers.CharField(source="known_from")  # type: ignore[assignment]  # the contract's
    metadata = serializers.DictField(required=False)


class LineageEdgeSerializer(AnswerSerializer):
    """From a parent to a child."""

    from_node_artifact_id = serializers.RegexField(ID_PATTERN, source="parent_id")
    to_node_artifact_id = serializers.RegexField(ID_PATTERN, source="child_id")
    relationship = serializers.CharField()


class LineageGraphSerializer(AnswerSerializer):
    """A family of models."""

    nodes = LineageNodeSerializer(many=True)
    edges = LineageEdgeSerializer(many=True)


class CostSerializer(AnswerSerializer):
    """What there is to download, in MB of 1,000,000 bytes."""

    standalone_cost = serializers.FloatField(
        source="standalone_mb",
        required=False,
        help_text="Of the artifact alone, where dependencies were asked for.",
    )
    total_cost = serializers.FloatField(source="total_mb")


class LicenseExplanationSerializer(AnswerSerializer):
    """Whether a project may use a model, and why."""

    allowed = serializers.BooleanField(source="is_allowed")
    model_license = serializers.CharField()
    project_license = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class TracksSerializer(AnswerSerializer):
    """Which tracks are really implemented."""

    plannedTracks = serializers.ListField(  # noqa: N815  (contract)
        child=serializers.ChoiceField(ALL_TRACKS)
    )


class DeletedSerializer(AnswerSerializer):
    """What was deleted, by its id or name."""

    deleted = serializers.CharField()


class ResetSerializer(AnswerSerializer):
    """That the registry is as it was at first."""

    reset = serializers.BooleanField()


class ErrorDetailSerializer(AnswerSerializer):
    """What went wrong."""

    code = serializers.CharField()
    message = serializers.CharField()
    request_id = serializers.CharField()


class ErrorSerializer(AnswerSerializer):
    """The body of every refusal."""

    error = ErrorDetailSerializer()
