import pytest

from artifacts.api.serializers import (
    ArtifactQuerySerializer,
    NewUserSerializer,
    RegistrationSerializer,
)
from artifacts.api.upload_serializers import UploadSerializer
from artifacts.api.views.base import explain


def complaint(form, data) -> str:
    serializer = form(data=data)
    return "" if serializer.is_valid() else explain(serializer.errors)


@pytest.mark.parametrize("given", [5, True, None, [], {}, 1.5])
def test_text_when_not_a_string_then_refused(given):
    assert complaint(RegistrationSerializer, {"url": given}).startswith("url: ")


def test_text_when_a_string_then_exactly_as_it_came():
    serializer = RegistrationSerializer(data={"url": " x ", "name": ""})
    assert serializer.is_valid()
    assert serializer.validated_data == {"url": " x ", "name": ""}


@pytest.mark.parametrize("given", ["5", 5.0, True, None])
def test_whole_number_when_something_else_then_refused(given):
    body = {"filename": "a.zip", "size_bytes": given, "sha256": "ab"}
    assert "size_bytes" in complaint(UploadSerializer, body)


@pytest.mark.parametrize("given", ["true", 1, 0, "yes", []])
def test_flag_when_something_else_then_refused(given):
    assert "is_admin" in complaint(NewUserSerializer, {"name": "x", "is_admin": given})


def test_query_when_a_filter_is_misspelt_then_named():
    assert complaint(ArtifactQuerySerializer, {"name": "*", "typs": []}) == (
        "typs: There is no such field."
    )


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({"url": ["Missing."]}, "url: Missing."),
        ({"data": {"url": ["Missing."], "x": []}}, "data.url: Missing."),
        ([{}, {"name": ["Missing."]}], "[1].name: Missing."),
        ({"non_field_errors": ["No object."]}, "No object."),
        ({"data": {"non_field_errors": ["No object."]}}, "data: No object."),
    ],
)
def test_explain_when_something_is_wrong_then_names_the_place(errors, expected):
    assert explain(errors) == expected
