"""What is rendered here is what REST framework would render."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from rest_framework import serializers

from artifacts.api import answer_serializers, health_serializers, upload_serializers
from artifacts.api.rendering import AnswerSerializer, all_shown, answer, shown
from artifacts.enums import ArtifactType, AuditAction
from artifacts.models import AuditEntry

FORMS = sorted(
    {
        form
        for module in (answer_serializers, health_serializers, upload_serializers)
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, AnswerSerializer)
    }
    - {AnswerSerializer},
    key=lambda form: form.__name__,
)
VALUES = (
    (serializers.DateTimeField, datetime(2026, 11, 29, 12, 0, 0, 5, tzinfo=UTC)),
    (serializers.UUIDField, UUID("6f1c6f0e-0000-4000-8000-000000000000")),
    (serializers.FloatField, 1),
    (serializers.IntegerField, 7),
    (serializers.BooleanField, True),
    (serializers.CharField, "robot"),
)


class Holder(SimpleNamespace):
    """Has attributes, as models and results of selectors have."""


def sample(form, make, *, with_optional=True):
    """An instance that has what a form shows, under the names of the fields' sources."""
    return make(
        **{
            field.source or name: value_of(field, make)
            for name, field in form._declared_fields.items()
            if field.required or with_optional
        }
    )


def value_of(field, make):
    if isinstance(field, serializers.ListSerializer):
        return [sample(type(field.child), make)] * 2
    if isinstance(field, AnswerSerializer):
        return sample(type(field), make)
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    if isinstance(field, serializers.ListField):
        return (value_of(field.child, make),)
    if isinstance(field, serializers.DictField):
        typed = (serializers.IntegerField, serializers.FloatField, serializers.CharField)
        is_typed = isinstance(field.child, typed)
        return {"a": value_of(field.child, make) if is_typed else ["b", 1, None]}
    return next(value for kind, value in VALUES if isinstance(field, kind))


def as_rest_framework_does(form, instance):
    return serializers.Serializer.to_representation(form(), instance)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("make", [Holder, dict])
@pytest.mark.parametrize("with_optional", [True, False])
def test_instance_when_rendered_then_as_rest_framework_does(form, make, with_optional):
    instance = sample(form, make, with_optional=with_optional)
    found = shown(form, instance)
    assert len(FORMS) > 25
    assert found == form(instance).data
    assert all_shown(form, [instance] * 2) == form([instance] * 2, many=True).data == [found] * 2
    theirs = as_rest_framework_does(form, instance)
    assert found == theirs
    assert {name: type(each) for name, each in found.items()} == {
        name: type(each) for name, each in theirs.items()
    }
    assert json.loads(answer(form, instance).content) == found


def test_optional_field_when_none_then_left_out():
    node = {"artifact_id": "model-1-1", "name": "robot", "known_from": "card", "metadata": None}
    assert "metadata" not in shown(answer_serializers.LineageNodeSerializer, node)
    assert "metadata" not in shown(answer_serializers.LineageNodeSerializer, Holder(**node))


@pytest.mark.parametrize(("make", "error"), [(Holder, AttributeError), (dict, KeyError)])
def test_required_field_when_absent_then_an_error_and_no_answer_without_it(make, error):
    with pytest.raises(error):
        shown(answer_serializers.UserSerializer, make(name="ada"))


def test_entry_of_the_trail_when_rendered_then_names_user_and_artifact():
    entry = AuditEntry(
        user_name="ada",
        user_is_admin=True,
        artifact_id="model-1-1",
        artifact_type=ArtifactType.MODEL,
        artifact_name="robot",
        action=AuditAction.RATE,
        created_at=datetime(2026, 11, 29, tzinfo=UTC),
    )
    assert shown(answer_serializers.AuditEntrySerializer, entry) == {
        "user": {"name": "ada", "is_admin": True},
        "date": "2026-11-29T00:00:00Z",
        "artifact": {"name": "robot", "id": "model-1-1", "type": "model"},
        "action": "RATE",
    }


def test_field_when_of_a_kind_that_no_answer_has_then_refused():
    class Odd(AnswerSerializer):
        """Shows what nobody has said how to send."""

        lasts = serializers.DurationField()

    with pytest.raises(TypeError, match="DurationField"):
        shown(Odd, {"lasts": timedelta(1)})


@pytest.mark.parametrize(
    "field",
    [
        serializers.CharField(write_only=True),
        serializers.CharField(source="owner.name", required=False),
        serializers.CharField(source="*"),
    ],
    ids=["write-only", "of another", "of the whole"],
)
def test_field_when_rest_framework_would_show_it_otherwise_then_no_answer(field):
    form = type("Form", (AnswerSerializer,), {"secret": field})
    with pytest.raises(TypeError, match="secret"):
        shown(form, SimpleNamespace(secret="x", owner=None))
