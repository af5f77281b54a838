import pytest

from artifacts.enums import DecisionState
from artifacts.models import Artifact, Decision, Task, User
from artifacts.services.records.decision_records import read_decisions, store_decisions
from artifacts.services.trust.decisions import decide
from artifacts.storage.keys import decisions_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
APPROVED, REJECTED = DecisionState.APPROVED, DecisionState.REJECTED


@pytest.fixture
def artifact() -> Artifact:
    return make_artifact()


@pytest.fixture
def say(artifact):
    """Decide on the artifact."""
    dora = User.objects.create(username="dora", can_decide=True)

    def say(state):
        decide(revision=artifact.current_revision, state=state, reason="We looked.", by=dora)

    return say


@pytest.fixture
def write_late(artifact, monkeypatch):
    """Have others decide while ours are written: once for each of some states."""
    store = get_store()
    real = store.replace

    def write_late(say, *states):
        late = list(states)

        def replace(key, data, content_type):
            # The other one's task is through; what we write, which is older, comes after it.
            if key == decisions_key(artifact.id) and late:
                say(late.pop(0))
                Task.objects.all().delete()
            real(key, data, content_type)

        monkeypatch.setattr(store, "replace", replace)

    return write_late


def test_decisions_when_another_is_made_meanwhile_then_the_bucket_has_both(
    artifact, say, write_late
):
    say(APPROVED)
    write_late(say, REJECTED)
    store_decisions(artifact.id)
    assert [each["state"] for each in read_decisions(artifact.id)] == ["approved", "rejected"]


def test_decisions_when_others_come_again_and_again_then_another_task_writes_them(
    artifact, say, write_late, settings
):
    settings.REGISTRY_TASKS = "worker"
    say(APPROVED)
    write_late(say, *[REJECTED, APPROVED] * 3)
    store_decisions(artifact.id)
    assert len(read_decisions(artifact.id)) < Decision.objects.count()
    Task.objects.get(name="store_decisions", artifact_id=artifact.id).delete()
    store_decisions(artifact.id)
    assert len(read_decisions(artifact.id)) == Decision.objects.count() == 7
    assert not Task.objects.filter(name="store_decisions").exists()
