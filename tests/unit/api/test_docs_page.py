import pytest

from artifacts.api import docs_page
from artifacts.api.example_code import write_javascript, write_python, write_shell
from artifacts.api.examples import SECTIONS, Example
from artifacts.api.openapi import METHODS, whole_schema

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
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, methods in whole_schema()["paths"].items()
    for method, operation in methods.items()
    if method in METHODS
}
EXAMPLES = [each for section in SECTIONS for each in section.examples]
SHOWN = [each for section in docs_page._described()["sections"] for each in section["operations"]]


@pytest.mark.parametrize(
    ("part", "shape"),
    [
        (THING, '{"kind": model | code, "size"?: integer, "link"?: string}'),
        ({"type": "array", "items": {"type": "boolean"}}, "[boolean, ...]"),
        ({"properties": {"n": {"type": "integer"}}}, '{"n"?: integer}'),
        ({"type": "string"}, "string"),
        ({}, ""),
    ],
    ids=["reference", "list", "nothing demanded", "text", "anything"],
)
def test_body_when_described_then_as_a_shape(part, shape):
    assert docs_page._shape(part, COMPONENTS) == shape


def test_examples_when_counted_then_one_for_each_operation():
    assert sorted(each.operation for each in EXAMPLES) == sorted(OPERATIONS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.operation)
def test_example_when_its_names_are_filled_in_then_its_path_is_the_operation_s(example):
    given = example.path.partition("?")[0].split("/")
    path = OPERATIONS[example.operation][1].split("/")
    assert len(given) == len(path)
    assert all(a == b or b.startswith("{") for a, b in zip(given, path, strict=True))


@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: each["id"])
def test_operation_when_shown_then_everything_about_it_is_said(shown):
    assert shown["summary"]
    for each in shown["parameters"]:
        assert each["says"].endswith("."), each["name"]
    assert shown["answers"]
    assert all(each["says"] for each in shown["answers"])
    listed = {each["status"] for each in docs_page._described()["errors"]}
    assert {int(each) for each in shown["refusals"]} <= listed


def test_errors_when_listed_then_each_has_its_words():
    for each in docs_page._described()["errors"]:
        assert each["says"], each["status"]
        assert all(says.endswith(".") for _, says in each["codes"])


HARD = Example("X", "/x/{ID}?a=b", body={"n": "$NAME", "is": True}, keeps=("UPLOAD", "a", "id"))


def test_shell_when_a_name_stands_in_a_body_then_outside_of_the_quotes():
    assert write_shell("POST", HARD, is_open=False) == (
        'UPLOAD=$(curl -fsS -H "X-Authorization: $TOKEN" '
        """-d '{"n": "'"$NAME"'", "is": true}' "$R/x/$ID?a=b" """
        r"""| sed 's/.*"id": *"\([^"]*\)".*/\1/')"""
        '\necho "$UPLOAD"'
    )


def test_shell_when_nothing_is_demanded_then_neither_token_nor_method():
    assert write_shell("GET", Example("X", "/health"), is_open=True) == 'curl -fsS "$R/health"'
    assert "-X DELETE" in write_shell("DELETE", Example("X", "/x"), is_open=False)


def test_python_when_written_then_a_name_is_a_variable():
    assert write_python("POST", HARD) == (
        """UPLOAD = call("POST", f"/x/{ID}?a=b", {'n': NAME, 'is': True})["a"]["id"]\n"""
        "print(UPLOAD)"
    )


def test_javascript_when_written_then_the_answer_is_awaited_first():
    assert write_javascript("POST", HARD) == (
        """UPLOAD = (await call("POST", `/x/${ID}?a=b`, {"n": NAME, "is": true}))["a"]["id"];\n"""
        "console.log(UPLOAD);"
    )
