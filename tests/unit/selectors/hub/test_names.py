"""Every id that the registry names leads back to its own artifact, and to no other."""

import re
from random import Random

import pytest

from artifacts.enums import ArtifactType, SourceKind
from artifacts.selectors.hub.names import name_repositories
from artifacts.selectors.hub.repositories import find_repository
from artifacts.selectors.hub.revisions import find_named, list_names
from tests.factories.hub import make_current, make_registry

pytestmark = pytest.mark.django_db
# `validate_repo_id` of huggingface_hub 2.4.0.
LEGAL = re.compile(r"(\b[\w\-.]{1,96}\b/)?\b[\w\-.]{1,96}\b", re.ASCII)


def is_legal(repo_id: str) -> bool:
    is_formed = LEGAL.fullmatch(repo_id) is not None and repo_id.count("/") <= 1
    return is_formed and not ("--" in repo_id or ".." in repo_id or repo_id.endswith(".git"))


@pytest.mark.parametrize("seed", range(8))
def test_ids_when_a_registry_is_full_of_odd_names_then_each_finds_its_own(seed):
    registry = make_registry(Random(seed), 60)
    served = name_repositories(registry)
    named = {(current.artifact.type, served[current.artifact.id]) for current in registry}
    assert len(named) == len(registry) > 30
    assert [each for each in served.values() if not is_legal(each)] == []
    found = {
        artifact.id: find_repository(ArtifactType(artifact.type), served[artifact.id]).artifact.id
        for artifact, _ in registry
    }
    assert found == {key: key for key in served}


@pytest.mark.parametrize(
    ("asked", "number", "path"),
    [
        ("v1", 2, ""),
        ("feature/x/sub/README.md", 3, "sub/README.md"),
        ("r1/README.md", 1, "README.md"),
        ("main", 1, ""),
        (f"{4:040x}", 4, ""),
    ],
)
def test_refs_when_a_source_has_several_then_they_are_revisions_and_ours_win(asked, number, path):
    refs = ("", "v1", "feature/x", "r1", "main")
    made = [make_current(n, ref=ref, commit=f"{n:040x}") for n, ref in enumerate(refs, start=1)]
    repository = find_repository(ArtifactType.MODEL, "acme/tea", list_names(asked))
    found = find_named(repository, asked)
    assert (found.revision.pk, found.path) == (made[number - 1].revision.pk, path)


def test_names_when_two_uploads_share_one_then_both_are_named_by_their_own_ids():
    uploads = [
        make_current(number, source_kind=SourceKind.UPLOAD, repository=str(number), user=user)
        for number, user in ((1, "ursula"), (2, "ursula"), (3, "bob"))
    ]
    first, second, third = (each for each in uploads if each is not None)
    assert name_repositories([first, second, third]) == {
        first.artifact.id: f"registry/{first.artifact.id}",
        second.artifact.id: f"registry/{second.artifact.id}",
        third.artifact.id: "registry.bob/tea",
    }


def test_names_when_nothing_was_uploaded_then_nothing_is_asked(django_assert_num_queries):
    found = make_current(1)
    with django_assert_num_queries(0):
        assert name_repositories([found]) == {found.artifact.id: "acme/tea"}
