import pytest

from artifacts.api import docs_page

COMPONENTS = {
    "components": {
        "schemas": {
            "Kind": {"enum": ["model", "code"]},
            "Thing": {
                "type": "object",
                "required": ["kind"],
                "properties": {
                    "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}]},
                    "size": {"type": "integer"},
                    "link": {"type": "string", "readOnly": True},
                },
            },
        }
    }
}
THING = {"$ref": "#/components/schemas/Thing"}


@pytest.mark.parametrize(
    ("part", "shape", "example"),
    [
        (THING, '{"kind": model | code, "size"?: integer, "link"?: string}', {"kind": "model"}),
        ({"type": "array", "items": {"type": "boolean"}}, "[boolean, ...]", [False]),
        ({"properties": {"n": {"type": "integer"}}}, '{"n"?: integer}', {"n": 1}),
        ({"type": "string"}, "string", "..."),
        ({}, "", "..."),
    ],
    ids=["reference", "list", "nothing demanded", "text", "anything"],
)
def test_body_when_described_then_as_a_shape_and_by_an_example(part, shape, example):
    assert docs_page._shape(part, COMPONENTS) == shape
    assert docs_page._example(part, COMPONENTS) == example


def test_curl_when_a_token_is_needed_then_sends_it_and_a_body_that_fits():
    body = {"content": {"application/json": {"schema": THING}}}
    operation = {"security": [{"token": []}], "requestBody": body}
    expected = 'curl -i -X POST -H "X-Authorization: $TOKEN" '
    expected += """-d '{"kind": "model"}' "$REGISTRY/x/{id}\""""
    assert docs_page._curl("post", "/x/{id}", operation, COMPONENTS) == expected


@pytest.mark.parametrize("security", [{}, {"security": [{}]}])
def test_curl_when_the_operation_is_open_then_without_token(security):
    assert docs_page._curl("get", "/health", security, COMPONENTS) == 'curl -i "$REGISTRY/health"'
