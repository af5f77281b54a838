"""What clients send, and how it is checked; what they are answered: `answer_serializers.py`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from artifacts.enums import ArtifactType, DecisionState, MetricName, TokenScope
from artifacts.limits import PROGRAM_TOKEN_LIFETIME_MAX_DAYS
from artifacts.rules.identity import ID_PATTERN
from artifacts.services.access.users import PERMISSIONS


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


class ArtifactSourceSerializer(serializers.Serializer[Any]):
    """Where an artifact is to come from."""

    url = TextField(help_text="The artifact's source, one public URL or an upload's url.")


class RegistrationSerializer(ArtifactSourceSerializer):
    """A registration: the url, and a name if the last part of the url will not do."""

    name = TextField(required=False)


class ArtifactIdentitySerializer(serializers.Serializer[Any]):
    """Which artifact is meant: all three must be its own."""

    name = TextField()
    id = serializers.RegexField(ID_PATTERN)
    type = serializers.ChoiceField(ArtifactType.choices())


class ReplacementSerializer(serializers.Serializer[Any]):
    """An artifact's new content: an artifact as it was answered, with another url."""

    metadata = ArtifactIdentitySerializer()
    data = ArtifactSourceSerializer()  # type: ignore[assignment]  # the contract's name for it


class ArtifactQuerySerializer(serializers.Serializer[Any]):
    """What is looked for. A misspelt filter would widen the search: unknown fields are refused."""

    name = TextField(help_text="Exactly this name; * for every name.")
    types = serializers.ListField(
        child=serializers.ChoiceField(ArtifactType.choices()), required=False, allow_empty=True
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


class GivenUserSerializer(serializers.Serializer[Any]):
    """A user as the contract's clients name one."""

    name = TextField()
    is_admin = FlagField()


class SecretSerializer(serializers.Serializer[Any]):
    """A user's password."""

    password = TextField()


class AuthenticationSerializer(serializers.Serializer[Any]):
    """Signing in. `is_admin` is accepted and not believed."""

    user = GivenUserSerializer()
    secret = SecretSerializer()


class LicenseCheckSerializer(serializers.Serializer[Any]):
    """The GitHub project that wants to use a model."""

    github_url = TextField()


class PermissionsSerializer(serializers.Serializer[Any]):
    """Exactly what a user may do."""

    permissions = serializers.ListField(child=serializers.ChoiceField(PERMISSIONS))
    is_admin = FlagField(required=False)


class NewDecisionSerializer(serializers.Serializer[Any]):
    """A decision on a revision."""

    decision = serializers.ChoiceField(DecisionState.choices())
    reason = TextField(help_text="Why; everybody who sees the artifact can read it.")
    revision = WholeNumberField(
        required=False, min_value=1, help_text="Its number; the current one if it is absent."
    )
    expires_at = serializers.DateTimeField(
        required=False, help_text="When an approval ends; it has no end if this is absent."
    )
    waived = serializers.ListField(
        child=serializers.ChoiceField(MetricName.choices()),
        default=list,
        help_text="The metrics by which the model fails the gate; an approval has to name them.",
    )


class NewTokenSerializer(serializers.Serializer[Any]):
    """A new token for programs. Nobody is given a longer or wider one by default."""

    name = TextField(help_text="What will use it, as in: nightly build.")
    scope = serializers.ChoiceField(
        TokenScope.choices(),
        default=TokenScope.READ,
        help_text="write is read and write; neither goes beyond the user's own permissions.",
    )
    lifetime_days = WholeNumberField(
        default=90, min_value=1, max_value=PROGRAM_TOKEN_LIFETIME_MAX_DAYS
    )


class NewUserSerializer(serializers.Serializer[Any]):
    """A new user: flat, or in the two parts that `AuthenticationRequest` has."""

    name = TextField(required=False)
    password = TextField(required=False)
    is_admin = FlagField(required=False)
    permissions = serializers.ListField(
        child=serializers.ChoiceField(PERMISSIONS), required=False, default=list
    )
    user = GivenUserSerializer(required=False)
    secret = SecretSerializer(required=False)
