"""The license check, with GitHub in all its moods."""

import pytest

from artifacts.exceptions import (
    ArtifactNotFound,
    InvalidRequest,
    LicenseUnavailable,
    ProjectNotFound,
    SourceAbsent,
    SourceRefused,
    SourceUnavailable,
)
from artifacts.models import Revision
from artifacts.services import licensing
from artifacts.services.licensing import check_license
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
PROJECT = "https://github.com/acme/tea/tree/main"


@pytest.fixture
def model():
    artifact = make_artifact()
    Revision.objects.update(license="apache-2.0")
    return artifact


def github_says(monkeypatch, answer):
    def fetch(repository, _deadline):
        assert repository == "acme/tea"
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(licensing, "fetch_license", fetch)


@pytest.mark.parametrize(("license_", "allowed"), [("MIT", True), ("GPL-2.0", False), ("", False)])
def test_check_when_github_answers_then_the_verdict(model, monkeypatch, license_, allowed):
    github_says(monkeypatch, license_)
    verdict = check_license(artifact_id=model.id, github_url=PROJECT)
    assert verdict.is_allowed is allowed
    assert verdict.model_license == "Apache-2.0"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SourceAbsent("no"), ProjectNotFound),
        (SourceUnavailable("silent"), LicenseUnavailable),
        (SourceRefused("It redirects in a circle."), LicenseUnavailable),
    ],
)
def test_check_when_github_does_not_give_it_then_the_registrys_word(
    model, monkeypatch, error, expected
):
    github_says(monkeypatch, error)
    with pytest.raises(expected, match="acme/tea"):
        check_license(artifact_id=model.id, github_url=PROJECT)


def test_check_when_the_request_is_wrong_then_refused(model):
    with pytest.raises(InvalidRequest, match="GitHub"):
        check_license(artifact_id=model.id, github_url="https://huggingface.co/acme/tea")
    with pytest.raises(ArtifactNotFound):
        check_license(artifact_id="model-9-9", github_url=PROJECT)
