"""How many requests a registration takes, by kind of model, and what its follow-up adds."""

from collections.abc import Iterator

import pytest

from artifacts.enums import ArtifactType
from artifacts.limits import RATING_GITHUB_REQUESTS_MAX, RATING_HUB_REQUESTS_MAX
from artifacts.models import Artifact, Rating, Revision, Task
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.trust.rating import complete_rating
from artifacts.sources import http
from tests.fakes.kinds import (
    KINDS,
    PEOPLE,
    GitHub,
    a_branch_with_a_slash,
    a_folder_of_such_a_branch,
    all_on_github,
    code_of_its_own,
    code_of_others_that_names_it,
    mentioned_code_and_a_base,
)
from tests.fakes.loopback import Loopback, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(settings) -> Iterator[Loopback]:
    with serve() as running:
        settings.HF_ENDPOINT = running.url
        yield running


@pytest.fixture
def github(hub, settings) -> Iterator[GitHub]:
    running = GitHub()
    with serve(running):
        settings.GITHUB_API_URL = settings.GITHUB_WEB_URL = running.url
        settings.REGISTRY_PRIVATE_HOSTS = (hub.host, running.host)
        settings.REGISTRY_TASKS = "worker"
        yield running
        http._session().close()


@pytest.fixture(params=["token", "anonymous"])
def token(request, settings) -> bool:
    settings.GITHUB_TOKEN = "secret" if request.param == "token" else ""
    return bool(settings.GITHUB_TOKEN)


def register(url: str, user) -> Artifact:
    made = register_artifact(artifact_type=ArtifactType.MODEL, url=url, name=None, user=user)
    assert not made.is_deferred
    return made.artifact


def current(artifact: Artifact) -> Rating:
    return Artifact.objects.get(pk=artifact.pk).current_revision.current_rating


def score(artifact: Artifact, name: str) -> float | None:
    return current(artifact).results[name]["score"]


@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_registration_when_it_asks_then_within_its_budget_and_the_task_completes_it(
    kind, pages, token, hub, github, uploader
):
    github.pages = pages
    artifact = register(kind(hub, github), uploader)
    assert len(hub.asked) <= RATING_HUB_REQUESTS_MAX
    assert len(github.asked) <= RATING_GITHUB_REQUESTS_MAX
    if current(artifact).is_incomplete:
        assert Task.objects.filter(name="rate_model", artifact_id=artifact.id).exists()
        complete_rating(artifact_id=artifact.id)
    assert not current(artifact).is_incomplete
    if kind is not mentioned_code_and_a_base:
        assert score(artifact, "bus_factor") == score_of_people(artifact)
        assert score(artifact, "reviewedness") in (0.5, 1.0)
        assert score(artifact, "code_quality") is not None


def score_of_people(artifact: Artifact) -> float | None:
    facts = current(artifact).results["bus_factor"]["facts"]
    assert facts["people"] == len(PEOPLE)
    return score(artifact, "bus_factor")


@pytest.mark.parametrize("kind", KINDS)
def test_registration_when_requests_are_few_then_the_files_come_before_the_people(
    kind, token, hub, github, uploader
):
    artifact = register(kind(hub, github), uploader)
    revision = artifact.current_revision
    assert revision.license.lower() == "mit"
    if revision.source_kind == "github":
        assert revision.config == {"model_type": "bert"}
        assert revision.facts["readings"]["license_file"]["state"] == "read"


@pytest.mark.parametrize("kind", [all_on_github, a_branch_with_a_slash, a_folder_of_such_a_branch])
def test_registration_when_no_request_is_left_for_the_tags_then_the_task_adds_them_once(
    kind, token, hub, github, uploader
):
    artifact = register(kind(hub, github), uploader)
    complete_rating(artifact_id=artifact.id)
    complete_rating(artifact_id=artifact.id)
    assert [each.tag for each in artifact.current_revision.version_tags.all()] == ["v1.0"]
    kept = Revision.objects.get(artifact=artifact)
    assert "tags_left" not in kept.facts
    assert kept.tag_targets == {"v1.0": kept.commit}


@pytest.mark.parametrize("kind", [code_of_its_own, code_of_others_that_names_it])
def test_registration_when_the_usual_model_has_one_repository_then_nothing_is_left(
    kind, hub, github, settings, uploader
):
    settings.GITHUB_TOKEN = "secret"
    github.pages = 2
    assert not current(register(kind(hub, github), uploader)).is_incomplete


def test_registration_when_people_are_not_asked_for_then_no_reason_says_they_are_absent(
    hub, github, settings, uploader
):
    settings.GITHUB_TOKEN = ""
    found = current(register(all_on_github(hub, github), uploader)).results
    for name in ("bus_factor", "reviewedness"):
        assert found[name]["is_provisional"]
        assert not found[name]["try_later"]
        assert "No request was left" in found[name]["reason"]
