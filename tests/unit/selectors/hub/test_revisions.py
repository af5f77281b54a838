import pytest

from artifacts.enums import ArtifactType
from artifacts.exceptions import RepositoryMoved, RepositoryNotFound, RevisionNotFound
from artifacts.selectors.catalogue.repo_ids import find_repo_id
from artifacts.selectors.hub.repositories import find_repository, get_commit
from artifacts.selectors.hub.revisions import find_named, find_revision, list_names
from tests.factories.repositories import COMMIT, OLD_COMMIT, add_revision, make_repository


def test_names_when_a_path_has_slashes_then_all_that_may_be_one():
    assert list_names("a/b/c") == ("a", "a/b", "a/b/c")


def test_names_when_a_path_has_very_many_slashes_then_few():
    # All of them together would take 200 MB, and seconds.
    names = list_names("a/" * 14_000)
    assert names[-1] == "/".join("a" * len(names))
    assert len(names) < 10


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["r2", OLD_COMMIT])
def test_revision_when_its_name_was_not_told_before_then_looked_up(name, django_assert_num_queries):
    artifact = make_repository()
    older = add_revision(artifact, {}, 2, commit=OLD_COMMIT)
    plain = find_repository(ArtifactType.MODEL, "acme/robot")
    told = find_repository(ArtifactType.MODEL, "acme/robot", [name])
    with django_assert_num_queries(1):
        assert find_revision(plain, name).pk == older.pk
    with django_assert_num_queries(0):
        assert find_revision(told, name).pk == older.pk


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["r3", "nope", "0" * 40])
def test_revision_when_there_is_none_then_said_so(name):
    make_repository()
    with pytest.raises(RevisionNotFound, match=name):
        find_revision(find_repository(ArtifactType.MODEL, "acme/robot"), name)


@pytest.mark.django_db
def test_commit_when_it_was_fetched_twice_then_the_newer_revision():
    artifact = make_repository()
    for number in (2, 3):
        add_revision(artifact, {}, number, commit=OLD_COMMIT)
    found = find_revision(find_repository(ArtifactType.MODEL, "acme/robot"), OLD_COMMIT)
    assert (found.number, get_commit(found)) == (3, OLD_COMMIT)


@pytest.mark.django_db
def test_name_when_two_refs_fit_then_the_longest():
    make_repository()
    make_repository(number=2, ref="a", commit="1" * 40)
    make_repository(number=3, ref="a/b", commit="2" * 40)
    rest = "a/b/c"
    named = find_named(find_repository(ArtifactType.MODEL, "acme/robot", list_names(rest)), rest)
    assert (named.name, named.path, get_commit(named.revision)) == ("a/b", "c", "2" * 40)


@pytest.mark.django_db
def test_repository_when_found_then_with_the_id_under_which_it_is_served():
    make_repository("Acme/Robot")
    found = find_repository(ArtifactType.MODEL, "Acme/Robot")
    assert find_repo_id(found.artifact, found.revision) == found.repo_id == "Acme/Robot"
    assert get_commit(found.revision) == COMMIT
    with pytest.raises(RepositoryMoved) as moved:
        find_repository(ArtifactType.MODEL, "acme/robot")
    assert moved.value.repo_id == "Acme/Robot"
    with pytest.raises(RepositoryNotFound):
        find_repository(ArtifactType.CODE, "Acme/Robot")
