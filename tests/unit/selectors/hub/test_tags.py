import pytest

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import RevisionNotFound
from artifacts.models import Revision
from artifacts.selectors.hub.refs import list_refs
from artifacts.selectors.hub.repositories import find_repository, get_commit
from artifacts.selectors.hub.revisions import find_named, list_names
from artifacts.selectors.hub.tags import Tag, list_tags
from tests.factories.hub import make_current

pytestmark = pytest.mark.django_db
FIRST, SECOND, UNKNOWN = "a" * 40, "b" * 40, "c" * 40
TARGETS = {
    "v1": FIRST, "release/2.0": SECOND, "v0": UNKNOWN, "r1": SECOND, "r3": FIRST, "main": FIRST,
    "HEAD": FIRST, FIRST: SECOND,
}  # fmt: skip


@pytest.fixture
def current(set_limits):
    """A model of two revisions whose source has true tags, old ones, and some with our names."""
    made = make_current(1, commit=FIRST, tag_targets={"gone": FIRST})
    made.artifact.current_revision = Revision.objects.create(
        artifact=made.artifact, number=2, source_kind=SourceKind.HUGGINGFACE_MODEL, commit=SECOND,
        repository="acme/tea", tag_targets=TARGETS, created_at=made.revision.created_at,
    )  # fmt: skip
    made.artifact.save()
    return made


def found_by(rest: str) -> tuple[str, str]:
    repository = find_repository(ArtifactType.MODEL, "acme/tea", list_names(rest))
    named = find_named(repository, rest)
    return get_commit(named.revision), named.path


def test_tags_when_listed_then_ours_and_those_of_the_source_that_are_true(current):
    assert list_tags(current.artifact) == [
        Tag("r2", SECOND), Tag("r1", FIRST), Tag("release/2.0", SECOND), Tag("v1", FIRST),
    ]  # fmt: skip


def test_tags_when_another_ref_has_the_name_then_it_is_left_out(current):
    assert Tag("v1", FIRST) not in list_tags(current.artifact, but={"v1"})


def test_tags_when_there_are_many_revisions_then_the_newest_are_listed(current, set_limits):
    set_limits(TAGS_OF_REVISIONS_MAX=1)
    assert [each.name for each in list_tags(current.artifact)] == ["r2", "release/2.0", "v1"]


def test_tags_when_refs_are_asked_for_then_they_are_among_them(current):
    refs = list_refs(find_repository(ArtifactType.MODEL, "acme/tea"))
    assert [(each.name, each.commit) for each in refs.branches] == [("main", SECOND)]
    assert [each.name for each in refs.tags] == ["r2", "r1", "release/2.0", "v1"]


@pytest.mark.parametrize(
    ("rest", "commit", "path"),
    [
        ("v1", FIRST, ""),
        ("v1/sub/a.json", FIRST, "sub/a.json"),
        ("release/2.0/a.json", SECOND, "a.json"),
        ("r1", FIRST, ""),
        ("main", SECOND, ""),
        ("HEAD", SECOND, ""),
        (FIRST, FIRST, ""),
    ],
)
def test_revision_when_a_tag_is_true_then_it_leads_there_and_ours_win(current, rest, commit, path):
    assert found_by(rest) == (commit, path)


@pytest.mark.parametrize("name", ["v0", "r3", "gone", "release", "nothing", UNKNOWN])
def test_revision_when_a_tag_is_not_true_or_has_our_name_then_there_is_none(current, name):
    with pytest.raises(RevisionNotFound):
        found_by(name)


def test_revision_when_only_a_folder_is_kept_then_its_tag_leads_to_the_folder():
    made = make_current(1, folder="sub", commit=FIRST, tag_targets={"v1": FIRST})
    (tag,) = list_tags(made.artifact)[1:]
    assert (tag.name, tag.commit) == ("v1", get_commit(made.revision))
    assert tag.commit != FIRST
