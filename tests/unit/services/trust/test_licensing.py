"""The license check, with GitHub in all its moods."""

import pytest

from artifacts.enums import ArtifactType, ParentOrigin, Relationship
from artifacts.exceptions import (
    ArtifactNotFound,
    InvalidRequest,
    LicenseUnavailable,
    ProjectNotFound,
    SourceAbsent,
    SourceRefused,
    SourceUnavailable,
)
from artifacts.models import LineageEdge, Revision
from artifacts.services.trust import licensing
from artifacts.services.trust.licensing import check_license
from artifacts.sources.github.licenses import ProjectLicense
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
        return ProjectLicense(answer)

    monkeypatch.setattr(licensing, "fetch_license", fetch)


@pytest.mark.parametrize(("license_", "allowed"), [("MIT", True), ("GPL-2.0", False), ("", False)])
def test_check_when_github_answers_then_the_verdict(model, monkeypatch, license_, allowed):
    github_says(monkeypatch, license_)
    verdict = check_license(artifact_id=model.id, github_url=PROJECT)
    assert verdict.is_allowed is allowed
    assert verdict.model_license == "Apache-2.0"


def test_check_when_a_registered_base_is_stricter_then_refused_by_its_name(model, monkeypatch):
    github_says(monkeypatch, "MIT")
    base = make_artifact("noncom", number=2)
    Revision.objects.filter(artifact=base).update(license="cc-by-nc-4.0", repository="acme/noncom")
    between = make_artifact("between", number=3)
    for child, parent in ((model, between), (between, base), (base, model)):
        LineageEdge.objects.create(
            child=child,
            parent=parent,
            parent_type=ArtifactType.MODEL,
            parent_key=parent.source_key,
            parent_name=parent.name,
            relationship=Relationship.FINETUNE,
            origin=ParentOrigin.MODEL_CARD,
        )
    verdict = check_license(artifact_id=model.id, github_url=PROJECT)
    assert not verdict.is_allowed
    assert "made from acme/noncom: CC-BY-NC-4.0 forbids commercial use" in verdict.reasons[0]


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
