from dataclasses import fields, is_dataclass
from datetime import datetime

import pytest
from django.db.models import Model

from artifacts.exceptions import ArtifactNotFound
from artifacts.selectors.catalogue.overview import Overview, get_overview
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge, make_rating

pytestmark = pytest.mark.django_db


def parts(value: object):
    """Yield everything that an overview is made of."""
    yield value
    if is_dataclass(value):
        for each in fields(value):
            yield from parts(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from parts(each)


def test_overview_when_shown_then_is_plain_frozen_data(settings):
    settings.REGISTRY_TASKS = "worker"
    artifact, mother = make_artifact(number=1, readme="# Robot"), make_artifact(number=2)
    make_rating(artifact)
    make_edge(artifact, mother)
    create_task("mirror_revision", artifact_id=artifact.id, arguments={})
    found = list(parts(get_overview(artifact.id)))
    kinds = {type(each) for each in found if not is_dataclass(each)}
    assert not [each for each in kinds if issubclass(each, Model)]
    plain = (str, int, float, bool, tuple, datetime, type(None))
    assert [each for each in kinds if not issubclass(each, plain)] == []
    assert all(
        vars(type(each))["__dataclass_params__"].frozen for each in found if is_dataclass(each)
    )
    assert len(found) > 100


def test_overview_when_there_is_no_such_artifact_then_refused():
    with pytest.raises(ArtifactNotFound):
        get_overview("model-9-9", with_waiting=True)


def test_overview_when_the_source_has_not_answered_then_for_staff_only():
    artifact = make_artifact(visible=False)
    with pytest.raises(ArtifactNotFound):
        get_overview(artifact.id)
    facts = get_overview(artifact.id, with_waiting=True).facts
    assert facts.source == facts.web_url == "https://huggingface.co/acme/robot-1"
    assert (facts.revision, facts.size_bytes, facts.content_state) == (None, None, "")


def test_facts_when_shown_then_of_the_current_revision():
    artifact = make_artifact()
    facts = get_overview(artifact.id).facts
    revision = artifact.current_revision
    assert (facts.source, facts.web_url) == (revision.url, revision.url)
    assert (facts.revision, facts.content_state) == (1, "pending")
    assert f"{facts.created_at:%Y-%m-%d %H:%M:%S %Z}" == "2025-10-09 08:53:20 UTC"


def test_overview_when_it_has_a_field_then_a_template_draws_it(settings):
    folder = settings.BASE_DIR / "templates" / "panels"
    names = [each.name for each in fields(Overview)]
    assert len(names) == 10
    assert [name for name in names if not (folder / f"{name}.html").exists()] == []
