import pytest

from artifacts.enums import DecisionState
from artifacts.models import User
from artifacts.services.records.decision_records import read_decisions, store_decisions
from artifacts.services.trust.decisions import decide
from artifacts.storage.keys import decisions_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


def test_decisions_when_another_is_made_meanwhile_then_the_bucket_has_both(monkeypatch):
    artifact = make_artifact()
    dora = User.objects.create(username="dora", can_decide=True)

    def say(state):
        decide(revision=artifact.current_revision, state=state, reason="We looked.", by=dora)

    say(DecisionState.APPROVED)
    store = get_store()
    real, late = store.replace, [DecisionState.REJECTED]

    def replace(key, data, content_type):
        # The other one's task writes what it has; ours, which is older, comes after it.
        if key == decisions_key(artifact.id) and late:
            say(late.pop())
        real(key, data, content_type)

    monkeypatch.setattr(store, "replace", replace)
    store_decisions(artifact.id)
    assert [each["state"] for each in read_decisions(artifact.id)] == ["approved", "rejected"]
