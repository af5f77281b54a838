"""Executing a card, where an interpreter is provided."""

import sys
from typing import Any

import pytest

from artifacts.enums import ArtifactType, ContentState
from artifacts.models import Artifact, Rating, Revision, Task
from artifacts.sandbox.watching import ProgramRun
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.mirror import mirror_revision
from artifacts.services.trust import demonstration
from artifacts.services.trust.demonstration import demonstrate_model
from artifacts.services.trust.rating import refresh_rating
from tests.unit.services.conftest import CONTENTS, URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db
CARD = "# Robot\n\n## Use\n\n```python\nfrom a import b\nb('acme/robot')\n```\n"


@pytest.fixture
def artifact(source, uploader, settings) -> Artifact:
    """A model whose content is kept."""
    settings.REGISTRY_DEMONSTRATION_PYTHON = sys.executable
    source.snapshot = make_snapshot(make_reference(), readme=CARD)
    made = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader
    ).artifact
    mirror_revision(revision_id=made.current_revision_id)
    return made


@pytest.fixture
def sandbox(monkeypatch):
    """What the sandbox says; it looks at what it was given."""
    seen: dict[str, Any] = {}

    def run(code, *, interpreter, folder, hidden):
        seen.update(code=code, interpreter=interpreter, hidden=hidden)
        place = folder / "acme" / "robot"
        seen["files"] = {each.name: each.read_bytes() for each in place.iterdir()}
        return made.result

    made: Any = type("Sandbox", (), {"seen": seen, "result": ProgramRun(0, "tea")})
    monkeypatch.setattr(demonstration, "run_isolated", run)
    return made


def result_of(artifact: Artifact) -> dict:
    rating = Artifact.objects.get(pk=artifact.pk).current_revision.current_rating
    return rating.results["reproducibility"]


def test_demonstration_when_it_ends_well_then_one_on_the_kept_files(artifact, sandbox, settings):
    demonstrate_model(artifact_id=artifact.id)
    assert "b('acme/robot')" in sandbox.seen["code"]
    assert sandbox.seen["files"] == CONTENTS
    assert settings.REGISTRY_DATA_DIR in sandbox.seen["hidden"]
    result = result_of(artifact)
    assert result["score"] == 1
    assert "executed, and ended well" in result["reason"]
    # That its weights are a pickle took nothing off, but is said.
    assert "pickles" in result["reason"]


@pytest.mark.parametrize(
    ("run", "words"),
    [(ProgramRun(1, "no module a"), "failed"), (ProgramRun(-9, "", is_timed_out=True), "too long")],
)
def test_demonstration_when_it_fails_then_half_and_what_it_said(artifact, sandbox, run, words):
    sandbox.result = run
    demonstrate_model(artifact_id=artifact.id)
    result = result_of(artifact)
    assert result["score"] == 0.5
    assert words in result["reason"]
    assert result["facts"]["output"] == run.output


def test_demonstration_when_rated_again_then_its_result_stays(artifact, sandbox, uploader):
    sandbox.result = ProgramRun(1, "no module a")
    demonstrate_model(artifact_id=artifact.id)
    refresh_rating(artifact_id=artifact.id, user=uploader)
    assert result_of(artifact)["facts"]["executed"]


@pytest.mark.parametrize("case", ["off", "no sandbox", "too large", "not kept", "no code", "gone"])
def test_demonstration_when_there_is_nothing_to_run_then_the_rating_stays(
    artifact, sandbox, settings, monkeypatch, set_limits, case
):
    if case == "off":
        settings.REGISTRY_DEMONSTRATION_PYTHON = ""
    elif case == "no sandbox":
        sandbox.result = ProgramRun(None, "The sandbox could not be set up here.")
    elif case == "too large":
        set_limits(DEMONSTRATED_MAX_BYTES=1)
    elif case == "not kept":
        Revision.objects.update(content_state=ContentState.LINK_ONLY)
    elif case == "no code":
        monkeypatch.setattr(demonstration, "judge_blocks", lambda *_, **__: demonstration_of(""))
    demonstrate_model(artifact_id="model-9-9" if case == "gone" else artifact.id)
    assert Rating.objects.count() == 1


def demonstration_of(code: str):
    return type("Best", (), {"code": code})


def test_mirror_when_an_interpreter_is_provided_then_the_card_is_executed_afterwards(artifact):
    assert Task.objects.filter(name="demonstrate_model", artifact_id=artifact.id).exists()
