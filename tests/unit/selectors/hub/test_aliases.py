import pytest

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import RepositoryMoved, RepositoryNotFound
from artifacts.selectors.hub.repositories import find_repository
from tests.factories.hub import make_current

pytestmark = pytest.mark.django_db
HUB = "https://huggingface.co/"


def leads_to(repo_id: str, kind: str = "model") -> str:
    with pytest.raises(RepositoryMoved) as caught:
        find_repository(ArtifactType(kind), repo_id)
    return caught.value.repo_id


def refusal(repo_id: str, kind: str = "model") -> RepositoryNotFound:
    with pytest.raises(RepositoryNotFound) as caught:
        find_repository(ArtifactType(kind), repo_id)
    return caught.value


def test_alias_when_one_artifact_has_the_name_then_it_leads_there():
    make_current(1, name="my-tea")
    make_current(2, kind="dataset", source_kind=SourceKind.HUGGINGFACE_DATASET, name="my-tea")
    assert leads_to("my-tea") == "acme/tea"


def test_alias_when_it_is_an_artifacts_id_then_it_leads_there():
    made = make_current(1, source_kind=SourceKind.GITHUB)
    assert leads_to(made.artifact.id) == "github.acme/tea"


@pytest.mark.parametrize("spelling", ["Acme/Tea", "ACME/TEA"])
def test_alias_when_the_case_is_another_then_it_leads_to_the_kept_spelling(spelling):
    make_current(1)
    assert leads_to(spelling) == "acme/tea"


def test_alias_when_two_have_the_name_then_both_ids_are_named():
    make_current(1)
    make_current(2, source_kind=SourceKind.GITHUB, repository="octo/tea")
    error = refusal("tea")
    assert error.others == ("acme/tea", "github.octo/tea")
    assert "acme/tea, github.octo/tea" in error.message


def test_alias_when_another_ref_has_the_name_then_the_repository_is_meant():
    make_current(1)
    make_current(2, ref="v1")
    assert leads_to("tea") == "acme/tea"


def test_alias_when_the_hub_gave_the_id_up_then_it_leads_to_what_was_registered_by_it():
    make_current(1, repository="openai-community/gpt2", name="gpt2", url=f"{HUB}gpt2")
    make_current(2, source_kind=SourceKind.UPLOAD, repository="1", name="gpt2")
    assert leads_to("gpt2") == "openai-community/gpt2"


def test_alias_when_the_hub_renamed_an_owner_then_the_old_id_leads_to_the_new():
    make_current(1, repository="meta/tea", url=f"{HUB}facebook/Tea")
    assert leads_to("facebook/tea") == "meta/tea"
    assert refusal("google/tea").others == ()


def test_alias_when_only_a_folder_was_registered_by_the_id_then_it_is_not_meant():
    make_current(1, repository="meta/tea", url=f"{HUB}facebook/tea/tree/main/sub", folder="sub")
    assert refusal("facebook/tea").others == ()


@pytest.mark.parametrize(
    "repo_id", ["nothing", "acme/nothing", "registry.ursula/tea", "model-9-9", "a--b", "x" * 97, ""]
)
def test_alias_when_nothing_has_the_name_then_none_is_found(repo_id):
    make_current(1)
    assert refusal(repo_id).others == ()


def test_alias_when_an_id_exists_then_names_are_not_asked(django_assert_num_queries):
    make_current(1)
    with django_assert_num_queries(1):
        find_repository(ArtifactType.MODEL, "acme/tea")
    # And whether it is in quarantine, or was withdrawn.
    with django_assert_num_queries(4):
        refusal("acme/nothing")
