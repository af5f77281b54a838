import base64

import pytest

from artifacts.exceptions import InvalidOffset, InvalidVersionRange, NothingFound, TooManyQueries
from artifacts.limits import PAGE_SIZE, QUERIES_MAX
from artifacts.models import Artifact, VersionTag
from artifacts.rules.search.versions import version_key
from artifacts.selectors.catalogue.listing import ArtifactQuery, find_by_name, list_artifacts
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
EVERYTHING = [ArtifactQuery("*")]


def names(queries, offset=None) -> list[str]:
    return [artifact.name for artifact in list_artifacts(queries, offset).rows]


def walk(queries) -> list[str]:
    """All ids of all pages."""
    found, offset = [], None
    while True:
        page = list_artifacts(queries, offset)
        found += [artifact.id for artifact in page.rows]
        if page.next_offset is None:
            return found
        offset = page.next_offset


def test_list_when_empty_then_an_empty_page():
    page = list_artifacts(EVERYTHING, None)
    assert (page.rows, page.next_offset) == ([], None)


def test_list_when_names_differ_in_case_only_then_exactly_the_one():
    make_artifact("bert", number=1)
    make_artifact("BERT", number=2)
    assert names([ArtifactQuery("bert")]) == ["bert"]


@pytest.mark.parametrize("name", ["100%", "a_b", "50%25", "it's", "a;b"])
def test_list_when_the_name_has_signs_of_sql_then_exactly_the_one(name):
    make_artifact(name, number=1)
    make_artifact("100x", number=2)
    make_artifact("aab", number=3)
    assert names([ArtifactQuery(name)]) == [name]


@pytest.mark.parametrize(
    ("types", "expected"),
    [((), ["m", "d", "c"]), (("model",), ["m"]), (("code", "dataset"), ["d", "c"])],
)
def test_list_when_types_are_given_then_only_those(types, expected):
    for number, (name, kind) in enumerate([("m", "model"), ("d", "dataset"), ("c", "code")], 1):
        make_artifact(name, kind, number=number)
    assert names([ArtifactQuery("*", types)]) == expected


def test_list_when_queries_overlap_then_each_artifact_once_in_order():
    make_artifact("one", "code", number=1)
    make_artifact("two", "model", number=2)
    make_artifact("three", "code", number=3)
    queries = [ArtifactQuery("three"), ArtifactQuery("*", ("code",)), ArtifactQuery("three")]
    assert names(queries) == ["one", "three"]


def test_list_when_the_source_is_silent_then_not_shown():
    make_artifact(visible=False)
    assert names(EVERYTHING) == []


def test_list_when_there_are_many_pages_then_all_of_them_each_once():
    made = [make_artifact(number=number).id for number in range(1, 2 * PAGE_SIZE + 2)]
    # Created within one microsecond: the id decides.
    Artifact.objects.filter(id__in=made[50:150]).update(created_us=made.index(made[60]))
    assert sorted(walk(EVERYTHING)) == sorted(made)
    assert len(walk(EVERYTHING)) == len(made)


def test_list_when_a_page_is_exactly_full_then_no_next():
    for number in range(1, PAGE_SIZE + 1):
        make_artifact(number=number)
    page = list_artifacts(EVERYTHING, None)
    assert (len(page.rows), page.next_offset) == (PAGE_SIZE, None)


def test_list_when_pages_of_several_queries_are_walked_then_complete():
    made = [
        make_artifact(f"name-{number % 2}", ("code", "model")[number % 2], number=number).id
        for number in range(1, PAGE_SIZE + 60)
    ]
    queries = [ArtifactQuery("*", ("code",)), ArtifactQuery("name-1")]
    assert walk(queries) == made


def test_list_when_asked_then_one_query_a_page(django_assert_num_queries):
    make_artifact()
    with django_assert_num_queries(1):
        names(EVERYTHING)


@pytest.mark.parametrize(
    "offset",
    [
        "", "1", "1000000", "nonsense", "ü", "a" * 5_000,
        base64.urlsafe_b64encode(b"after:1:x y").decode(),
        base64.urlsafe_b64encode(b"after:99999999999999999999:x").decode(),
        base64.urlsafe_b64encode(b"after:9999999999999999999:x").decode(),
    ],
)  # fmt: skip
def test_list_when_the_offset_is_not_ours_then_refused(offset):
    with pytest.raises(InvalidOffset):
        list_artifacts(EVERYTHING, offset)


def test_list_when_there_are_too_many_queries_then_refused():
    list_artifacts([ArtifactQuery("x")] * QUERIES_MAX, None)
    with pytest.raises(TooManyQueries):
        list_artifacts([ArtifactQuery("x")] * (QUERIES_MAX + 1), None)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.3", ["a"]), ("v1.2.3", ["a"]), ("1.2.3-2.1.0", ["a", "b"]), ("~1.2.0", ["a"]),
        ("^1.2.0", ["a"]), ("^2.0.0", ["b"]), ("9.9.9", []), ("~1", ["a"]),
    ],
)  # fmt: skip
def test_list_when_a_version_is_given_then_only_tags_in_its_range_count(version, expected):
    for number, (name, tags) in enumerate([("a", ["v1.2.3", "1.2.9"]), ("b", ["2.1.0"])], 1):
        revision = make_artifact(name, number=number).current_revision
        for tag in tags:
            VersionTag.objects.create(revision=revision, tag=tag, version_key=version_key(tag))
    assert names([ArtifactQuery("*", (), version)]) == expected


def test_list_when_the_version_is_malformed_then_refused():
    with pytest.raises(InvalidVersionRange):
        list_artifacts([ArtifactQuery("*", (), "newest")], None)


def test_find_by_name_when_several_share_it_then_all_of_them():
    first = make_artifact("twin", "code", number=1)
    second = make_artifact("twin", "model", number=2)
    make_artifact("twin", visible=False, number=3)
    assert [found.id for found in find_by_name("twin").rows] == [first.id, second.id]


@pytest.mark.parametrize("name", ["other", "twi", "TWIN", "twin "])
def test_find_by_name_when_nothing_has_exactly_this_name_then_says_so(name):
    make_artifact("twin")
    with pytest.raises(NothingFound):
        find_by_name(name)
