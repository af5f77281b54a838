"""`POST /artifact/model/{id}/license-check`: every status of its description."""

import pytest

from artifacts.exceptions import SourceAbsent, SourceUnavailable
from artifacts.models import Revision
from artifacts.services.trust import licensing
from artifacts.sources.github.licenses import ProjectLicense
from tests.clients import message_of
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
BODY = {"github_url": "https://github.com/acme/tea"}


@pytest.fixture
def path(monkeypatch) -> str:
    artifact = make_artifact()
    Revision.objects.update(license="mit")
    monkeypatch.setattr(licensing, "fetch_license", lambda *_: ProjectLicense("Apache-2.0"))
    return f"/artifact/model/{artifact.id}/license-check"


def test_check_when_asked_then_200_with_a_bare_boolean(api, path):
    answer = api.post(path, BODY)
    assert (answer.status_code, answer.json()) == (200, True)
    Revision.objects.update(license="")
    assert api.post(path, BODY).json() is False


def test_check_when_explained_then_200_with_reasons(api, path):
    body = api.post(f"{path}?explain=true", BODY).json()
    assert (body["allowed"], body["model_license"], body["project_license"]) == (
        True, "MIT", "Apache-2.0",
    )  # fmt: skip
    assert body["reasons"]


@pytest.mark.parametrize(
    "body",
    [{}, [], {"github_url": 5}, {"github_url": "not a url"}, {"github_url": ""},
     {"github_url": "https://huggingface.co/acme/tea"}, {"github_url": "https://example.com/a/b"}],
    ids=str,
)  # fmt: skip
def test_check_when_malformed_then_400(api, path, body):
    assert api.post(path, body).status_code == 400


def test_check_when_refused_then_403_404(api, anonymous, path):
    assert anonymous.post(path, BODY).status_code == 403
    assert api.post("/artifact/model/invalidId/license-check", BODY).status_code == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [(SourceAbsent("It does not exist."), 404), (SourceUnavailable("It is silent."), 502)],
)
def test_check_when_github_does_not_answer_then_its_status(api, path, monkeypatch, error, status):
    def fail(*_):
        raise error

    monkeypatch.setattr(licensing, "fetch_license", fail)
    answer = api.post(path, BODY)
    assert answer.status_code == status
    assert "acme/tea" in message_of(answer)
