import pytest
from django.utils import timezone

from artifacts.exceptions import ArtifactNotFound, InvalidRequest, NotFound, RegistryReadOnly
from artifacts.models import AuditEntry, Rating, Task
from artifacts.rules.identity import now_us
from artifacts.services.trust import chosen
from artifacts.work.jobs import Job
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def surroundings(settings, monkeypatch):
    """Tasks wait, no source is asked, and no record is written."""
    settings.REGISTRY_TASKS = "worker"
    monkeypatch.setattr(chosen, "store_record", lambda _id: None)

    def rate(artifact_id, user_name):
        rated = Rating.objects.filter(revision__artifact_id=artifact_id).order_by("id").first()
        if rated is None:
            raise ArtifactNotFound("model", artifact_id)
        rated.pk, rated.created_by, rated.created_at = None, user_name, timezone.now()
        rated._state.adding = True
        return rated

    monkeypatch.setattr(chosen, "rate_current", rate)


def make_models(number: int) -> list[str]:
    artifacts = [make_artifact(number=each) for each in range(1, number + 1)]
    for each in artifacts:
        make_rating(each)
    return [each.id for each in artifacts]


def test_chosen_when_begun_then_one_task_with_all_of_them(administrator):
    task_id = chosen.begin_rating_chosen(
        artifact_ids=["model-1-1", "model-2-2"], user=administrator
    )
    task = Task.objects.get(id=task_id)
    assert task.name == Job.RATE_CHOSEN
    assert task.arguments["chosen"] == "model-1-1 model-2-2"
    assert task.arguments["user_name"] == administrator.username


def test_chosen_when_too_many_then_refused(administrator, monkeypatch):
    monkeypatch.setattr(chosen, "CHOSEN_MAX", 1)
    with pytest.raises(InvalidRequest, match="At most 1 models"):
        chosen.begin_rating_chosen(artifact_ids=["a", "b"], user=administrator)
    assert not Task.objects.exists()


def test_chosen_when_read_only_then_refused(administrator, settings):
    settings.REGISTRY_MODE = "read_only"
    with pytest.raises(RegistryReadOnly):
        chosen.begin_rating_chosen(artifact_ids=["a"], user=administrator)


def test_chosen_when_rated_then_in_the_name_of_whoever_asked(administrator):
    ids = make_models(2)
    chosen.rate_chosen(
        chosen=" ".join([*ids, "model-9-9"]), user_name=administrator.username, asked_us=now_us()
    )
    assert Rating.objects.filter(created_by=administrator.username).count() == 2
    entries = AuditEntry.objects.filter(action="RATE", user_name=administrator.username)
    assert entries.filter(user_is_admin=True).count() == 2


def test_chosen_when_run_again_then_what_is_rated_is_left_out(administrator):
    ids = make_models(2)
    given = {"user_name": administrator.username, "asked_us": now_us()}
    chosen.rate_chosen(chosen=ids[0], **given)
    chosen.rate_chosen(chosen=" ".join(ids), **given)
    assert Rating.objects.filter(created_by=administrator.username).count() == 2


def test_chosen_when_whoever_asked_is_gone_then_nothing_is_rated(administrator):
    ids = make_models(1)
    with pytest.raises(NotFound):
        chosen.rate_chosen(chosen=ids[0], user_name="nobody", asked_us=now_us())
    assert Rating.objects.count() == 1
