import dataclasses

import nodesemver
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import InvalidVersionRange
from artifacts.limits import VERSION_RANGE_MAX_CHARS
from artifacts.rules.search.versions import parse_version_range, version_key


def holds(text: str, version: str) -> bool:
    key = version_key(version)
    assert key is not None
    return parse_version_range(text).holds(key)


@pytest.mark.parametrize(
    ("tag", "same_as"),
    [
        ("v1.2.3", "1.2.3"),
        ("V1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("v1", "1.0.0"),
    ],
    ids=["small-v", "capital-v", "no-patch", "major-only"],
)
def test_version_key_when_written_differently_then_same_number(tag, same_as):
    assert version_key(tag) == version_key(same_as) is not None


def test_version_key_when_complete_then_parts_joined():
    assert version_key("1.2.3") == (1 * 10**8 + 2) * 10**8 + 3


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "v",
        "main",
        "1.2.3-rc1",
        "1.2.3+build",
        "1.2.3.4",
        "1..3",
        "1.",
        "vv1",
        " 1.2.3",
        "1.2.3\n",
        "-1.2.3",
        "123456789.0.0",
        "0.123456789.0",
        "0.0.123456789",
        "\u0661.2.3",
    ],
    ids=[
        "empty",
        "only-v",
        "word",
        "pre-release",
        "build",
        "four-parts",
        "empty-part",
        "dot-at-end",
        "two-vs",
        "space",
        "newline",
        "negative",
        "nine-digit-major",
        "nine-digit-minor",
        "nine-digit-patch",
        "arabic-digit",
    ],
)
def test_version_key_when_not_a_release_then_none(tag):
    assert version_key(tag) is None


PART = st.integers(min_value=0, max_value=10**8 - 1)
VERSION = st.tuples(PART, PART, PART)


def written(parts) -> str:
    return ".".join(str(part) for part in parts)


@given(VERSION, VERSION)
def test_version_key_when_compared_then_ordered_like_the_versions(one, other):
    one_key, other_key = version_key(written(one)), version_key(written(other))
    assert one_key is not None
    assert other_key is not None
    assert (one_key < other_key) == (one < other)
    assert (one_key == other_key) == (one == other)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.2.3", ["1.2.3"], ["1.2.2", "1.2.4"]),
        ("v1.2.3", ["1.2.3"], ["1.2.4"]),
        ("1.2.3-2.1.0", ["1.2.3", "2.0.9", "2.1.0"], ["1.2.2", "2.1.1"]),
        ("v1.2.3 - V2.1.0", ["1.2.3", "2.1.0"], ["1.2.2", "2.1.1"]),
        ("1.2.3-1.2.3", ["1.2.3"], ["1.2.2", "1.2.4"]),
        ("~1.2.0", ["1.2.0", "1.2.99999999"], ["1.1.9", "1.3.0"]),
        ("~v1.2.3", ["1.2.3", "1.2.9"], ["1.2.2", "1.3.0"]),
        ("~1", ["1.0.0", "1.9.9"], ["0.9.9", "2.0.0"]),
        ("^1.2.0", ["1.2.0", "1.99999999.0"], ["1.1.9", "2.0.0"]),
        ("^v1.2", ["1.2.0", "1.9.0"], ["1.1.9", "2.0.0"]),
        ("^0.2.3", ["0.2.3", "0.2.9"], ["0.2.2", "0.3.0"]),
        ("^0.0.3", ["0.0.3"], ["0.0.2", "0.0.4"]),
        ("^0.0.0", ["0.0.0"], ["0.0.1"]),
        ("^0.0", ["0.0.0", "0.0.9"], ["0.1.0"]),
        ("^0", ["0.0.0", "0.9.9"], ["1.0.0"]),
        ("^99999999.0.0", ["99999999.0.0", "99999999.99999999.99999999"], ["99999998.0.0"]),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_range_when_read_then_holds_what_it_says(text, inside, outside):
    assert [version for version in inside + outside if holds(text, version)] == inside


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "latest",
        "~",
        "^",
        "^^1.2.0",
        "~^1.2.0",
        ">=1.2.0",
        "1.2.x",
        "1.2.3-rc1",
        "~1.2.3-rc1",
        "^1.2.0-2.0.0",
        "1.2.3-",
        "-1.2.3",
        "1.0.0-2.0.0-3.0.0",
        "2.1.0-1.2.3",
        "123456789.0.0",
        "1.2.0 || 2.0.0",
        "1.2.3" + " " * VERSION_RANGE_MAX_CHARS,
    ],
    ids=[
        "empty",
        "only-hyphen",
        "word",
        "only-tilde",
        "only-caret",
        "two-carets",
        "tilde-and-caret",
        "comparison",
        "wildcard",
        "pre-release",
        "tilde-pre-release",
        "caret-and-bounds",
        "no-upper",
        "no-lower",
        "three-bounds",
        "reversed",
        "nine-digits",
        "either-or",
        "too-long",
    ],
)
def test_range_when_malformed_then_refused_with_the_four_forms(text):
    with pytest.raises(InvalidVersionRange) as refused:
        parse_version_range(text)
    for form in ("1.2.3", "1.2.3-2.1.0", "~1.2.0", "^1.2.0"):
        assert form in refused.value.message


def test_range_when_as_long_as_allowed_then_read():
    assert holds("1.2.3".ljust(VERSION_RANGE_MAX_CHARS), "1.2.3")


def test_range_when_assigned_to_then_refused():
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(parse_version_range("1.2.3"), "low_key", 0)  # noqa: B010


# Small numbers, so that versions often fall on a range's ends.
SMALL = st.integers(min_value=0, max_value=3)


@pytest.mark.slow
@given(
    st.sampled_from("~^"),
    st.lists(SMALL, min_size=1, max_size=3),
    st.tuples(SMALL, SMALL, SMALL),
)
def test_range_when_tilde_or_caret_then_agrees_with_node_semver(sign, parts, version):
    text = sign + written(parts)
    expected = nodesemver.satisfies(written(version), text, loose=False)
    assert holds(text, written(version)) == expected
