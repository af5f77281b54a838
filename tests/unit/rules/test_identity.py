import pytest

from artifacts.enums import ArtifactType
from artifacts.exceptions import RecordBroken
from artifacts.rules.identity import make_id, may_be_part_of_id, parse_id, read_created_us


def test_parse_id_when_it_is_one_gives_its_parts():
    assert parse_id("code-12-1763490531234567") == ("code", 12, 1_763_490_531_234_567)


@pytest.mark.parametrize(
    "text",
    [
        "", "code", "code-1", "code-x-1", "code-1-x", "book-1-1", "-1-1",
        # Another id than that of their numbers, or numbers that no row holds.
        "code-01-1", "code-1-01", "code-\u0661-1", "code-1-\u0661", f"code-{2**63}-1",
        f"code-1-{2**63}", f"code-1-{'9' * 5_000}",
    ],
)  # fmt: skip
def test_parse_id_when_it_is_none_is_refused(text):
    with pytest.raises(RecordBroken):
        parse_id(text)


def test_id_when_made_then_parsed_to_the_same_parts():
    parts = (ArtifactType.DATASET, 7, 1_763_490_531_234_567)
    assert parse_id(make_id(*parts)) == parts


@pytest.mark.parametrize(
    ("text", "expected_us"),
    [
        ("model-1-20", 20),
        ("agent-1-20", 20),
        ("model", 0),
        ("", 0),
        ("model-1-\u0661", 0),
        (f"model-1-{'9' * 5_000}", 0),
    ],
)
def test_created_us_when_read_then_of_any_type(text, expected_us):
    assert read_created_us(text) == expected_us


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("model-7-1760000000000001", True), ("model-7-", True), ("del-7", True), ("-7-17", True),
        ("176000", True), ("e-2", True), ("model", False), ("", False), ("de-ke-63", False),
        ("robot-7", False), ("model-7-x", False), ("7b", False), ("Model-7", False),
    ],
)  # fmt: skip
def test_part_of_an_id_when_names_look_otherwise_then_told_apart(text, may_be):
    assert may_be_part_of_id(text) is may_be
