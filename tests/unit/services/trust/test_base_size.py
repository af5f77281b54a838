"""The size of the model that an adapter needs: from our rows, or else from the Hub."""

import pytest

from artifacts.enums import Part
from artifacts.models import Artifact
from artifacts.services.trust.rating import complete_rating
from tests.unit.services.conftest import CONTENTS, PARTS
from tests.unit.services.trust.conftest import current

pytestmark = pytest.mark.django_db
ADAPTER = {"README.md": b"# robot", "adapter_model.safetensors": b"\1" * 90}
TREE = [{"path": "model.safetensors", "size": 700_000_000}, {"path": "README.md", "size": 5}]


def size_of(artifact: Artifact) -> dict:
    return current(artifact).results["size_score"]


@pytest.fixture
def adapter(register, monkeypatch):
    """Registers low-rank weights of `acme/pot`, whose name states no parameters."""
    monkeypatch.setitem(PARTS, "adapter_model.safetensors", Part.WEIGHTS)

    def make(url: str = "https://huggingface.co/acme/robot-lora") -> Artifact:
        return register(url, card={"base_model": "acme/pot"}, contents=ADAPTER)

    return make


def test_size_when_the_hub_lists_the_base_then_that_is_loaded_too(adapter, outside):
    outside.tree = TREE
    found = size_of(adapter())
    assert "acme/pot, which is loaded with them and has 700 MB" in found["reason"]
    assert found["facts"]["base_mb"] == 700.0
    assert found["score"] is not None


def test_size_when_the_base_is_registered_then_nobody_is_asked(adapter, register, outside):
    register("https://huggingface.co/acme/pot", contents=CONTENTS)
    outside.asked.clear()
    found = size_of(adapter())
    assert "acme/pot, which is loaded with them and has less than 1 MB" in found["reason"]
    assert "tree" not in outside.asked


def test_size_when_the_hub_does_not_show_the_base_then_unknown_for_good(adapter, outside):
    outside.tree = None
    found = size_of(adapter())
    assert found["score"] is None
    assert "does not show the files of acme/pot" in found["reason"]
    assert not found["try_later"]


def test_size_when_no_request_is_left_then_a_task_asks(adapter, outside, tasks_wait, settings):
    def card(*_arguments):
        for _ in range(7):
            _arguments[-1].note_answer(settings.HF_ENDPOINT)
        return ""

    outside.card, outside.tree = card, TREE
    made = adapter()
    assert size_of(made)["is_provisional"]
    assert "was not asked for yet" in size_of(made)["reason"]
    outside.card = ""
    complete_rating(artifact_id=made.id)
    assert size_of(made)["score"] is not None
