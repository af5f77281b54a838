import pytest

from artifacts.enums import ArtifactType
from artifacts.limits import TAG_TARGETS_MAX
from artifacts.models import Revision
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.trust.version_tags import choose_targets
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db
FIRST, SECOND, UNKNOWN = "a" * 40, "b" * 40, "c" * 40


@pytest.fixture
def replaced(source, uploader):
    """A model of two revisions, whose tag `latest` moved from the first to the second."""
    source.snapshot = make_snapshot(
        make_reference(), commit=FIRST, tags={"v1": FIRST, "latest": FIRST, "v0": UNKNOWN}
    )
    made = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name="tea", user=uploader
    ).artifact
    source.snapshot = make_snapshot(
        make_reference(), commit=SECOND, tags={"v1": FIRST, "latest": SECOND, "v0": UNKNOWN}
    )
    replace_artifact(
        artifact_type=ArtifactType.MODEL, artifact_id=made.id, name="tea", url=URL, user=uploader
    )
    return made


def targets(number: int) -> dict[str, str]:
    return Revision.objects.get(number=number).tag_targets


def test_targets_when_a_tag_leads_to_a_revision_then_it_is_kept_with_its_commit(replaced):
    assert targets(1) == {"v1": FIRST, "latest": FIRST}
    assert targets(2) == {"v1": FIRST, "latest": SECOND}


def test_targets_when_another_artifact_has_the_commit_then_it_is_not_kept(replaced, uploader):
    other = Revision(artifact_id="model-9-9", commit=UNKNOWN)
    assert choose_targets(other, {"v1": FIRST, "v0": UNKNOWN}) == {"v0": UNKNOWN}


@pytest.mark.parametrize("tags", [{}, {"v1": ""}], ids=["none", "no commits"])
def test_targets_when_a_source_says_no_commits_then_there_are_none_and_nothing_is_asked(
    django_assert_num_queries, tags
):
    with django_assert_num_queries(0):
        assert choose_targets(Revision(artifact_id="model-9-9"), tags) == {}


def test_targets_when_hundreds_lead_to_one_commit_then_the_first_of_them(replaced):
    tags = {f"t{number}": FIRST for number in range(TAG_TARGETS_MAX + 1)}
    found = choose_targets(Revision.objects.get(number=1), tags)
    assert list(found) == list(tags)[:TAG_TARGETS_MAX]
