"""Copied cards among registered models, in either order of registration."""

import pytest

from artifacts.enums import ArtifactType, MarkKind
from artifacts.models import Artifact, ContentMark, Rating
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.records.artifact_records import parse_record
from artifacts.services.trust.copy_ratings import rate_copies
from artifacts.services.trust.rating import refresh_rating
from artifacts.services.upkeep.restoring import restore_record
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from tests.factories.evidence import CARD
from tests.unit.services.conftest import CONTENTS, make_reference, make_snapshot

pytestmark = pytest.mark.django_db
HUB = "https://huggingface.co"
ORIGINAL, COPY = f"{HUB}/acme/robot", f"{HUB}/xx-77/robot"
OTHER_WEIGHTS = CONTENTS | {"weights.bin": b"\x05" * 50}


@pytest.fixture
def register(source, uploader, django_capture_on_commit_callbacks, settings):
    settings.REGISTRY_TASKS = "immediate"

    def register(url: str, *, readme: str = CARD, contents=OTHER_WEIGHTS, **changes) -> Artifact:
        facts = changes.pop("facts", {"downloads": 7})
        contents = contents | {"weights.bin": contents["weights.bin"] + url.encode()}
        if changes.pop("same_weights", False):
            contents = CONTENTS
        source.snapshot = make_snapshot(
            make_reference(url), contents, readme=readme, facts=facts, **changes
        )
        with django_capture_on_commit_callbacks(execute=True):
            made = register_artifact(
                artifact_type=ArtifactType.MODEL, url=url, name=None, user=uploader
            )
        return made.artifact

    return register


def current(artifact: Artifact) -> Rating:
    return Artifact.objects.get(pk=artifact.pk).current_revision.current_rating


def copied_from(artifact: Artifact) -> str | None:
    """Of which model its rating says that the card is."""
    copy = current(artifact).evidence["copy"]
    return copy and copy["original"]


@pytest.mark.parametrize("order", [(ORIGINAL, COPY), (COPY, ORIGINAL)], ids=["after", "before"])
def test_copy_when_registered_before_or_after_the_original_then_it_scores_less(register, order):
    made = {url: register(url) for url in order}
    original, copy = made[ORIGINAL], made[COPY]
    assert (copied_from(original), copied_from(copy)) == (None, "acme/robot")
    assert current(copy).net_score < current(original).net_score - 0.05
    reason = current(copy).results["performance_claims"]["reason"]
    assert reason.startswith("The card equals that of acme/robot, the original")
    assert current(copy).results["performance_claims"]["citations"][0]["url"] == ORIGINAL


def test_copy_when_a_stranger_registers_first_then_the_original_loses_nothing(register):
    alone = register(ORIGINAL)
    score = current(alone).net_score
    Artifact.objects.all().delete()
    readme = CARD.replace("acme/robot", "xx-77/robot")
    dates = [{"createdAt": f"{year}-01-01T00:00:00Z", "downloads": 9} for year in (2022, 2024)]
    copy = register(COPY, readme=readme, facts=dates[1])
    original = register(ORIGINAL, facts=dates[0])
    assert current(original).net_score == score
    assert (copied_from(original), copied_from(copy)) == (None, "acme/robot")


def test_copy_when_only_the_weights_are_anothers_then_said(register):
    facts = [{"downloads": count} for count in (90_000, 3)]
    register(ORIGINAL, facts=facts[0], same_weights=True)
    own = "# Toaster\n\nToasts bread."
    copy = register(f"{HUB}/xx-77/toaster", readme=own, facts=facts[1], same_weights=True)
    assert current(copy).evidence["copy"]["has_weights"]
    assert copied_from(copy) == "acme/robot"


def test_copy_when_the_base_is_stated_then_only_its_results_are_not_credited(register):
    register(ORIGINAL)
    derived = register(COPY, card={"base_model": "acme/robot"})
    rating = current(derived)
    assert rating.evidence["copy"]["is_derived"]
    assert rating.results["performance_claims"]["score"] == 0
    assert "copy_of" not in rating.results["reproducibility"]["facts"]


def test_copy_when_config_json_names_the_original_then_that_excuses_nothing(register):
    register(ORIGINAL)
    copy = register(COPY, config={"_name_or_path": "acme/robot"})
    assert not current(copy).evidence["copy"]["is_derived"]


def test_copy_when_it_gets_a_card_of_its_own_then_it_is_none(
    register, source, uploader, django_capture_on_commit_callbacks
):
    register(ORIGINAL)
    copy = register(COPY)
    source.snapshot = make_snapshot(make_reference(COPY), OTHER_WEIGHTS, readme="# Mine")
    with django_capture_on_commit_callbacks(execute=True):
        replace_artifact(
            artifact_type=ArtifactType.MODEL, artifact_id=copy.id, name="robot", url=COPY,
            user=uploader,
        )  # fmt: skip
    assert copied_from(copy) is None
    assert not ContentMark.objects.filter(artifact=copy, kind=MarkKind.CARD).exists()


def test_copy_when_one_owner_has_very_many_then_the_original_is_still_found(register, set_limits):
    set_limits(COPIES_COMPARED_MAX=2)
    for number in range(4):
        register(f"{HUB}/yy-88/robot-{number}")
    register(ORIGINAL)
    assert copied_from(register(COPY)) == "acme/robot"


def test_copy_when_many_owners_have_the_text_then_it_is_a_template(register):
    text = "# Model\n\n" + " ".join(f"sentence{number}" for number in range(200))
    made = [register(f"{HUB}/owner-{letter}/{letter}-model", readme=text) for letter in "abcde"]
    assert copied_from(made[-1]) is None


def test_rate_copies_when_nothing_changed_then_nothing_is_written(register):
    register(ORIGINAL)
    copy = register(COPY)
    count = Rating.objects.count()
    rate_copies(artifact_id=copy.id)
    rate_copies(artifact_id="model-0-0")
    assert Rating.objects.count() == count


def test_rating_when_repeated_then_the_marks_stay(register, uploader):
    artifact = register(ORIGINAL)
    before = set(ContentMark.objects.values_list("pk", flat=True))
    assert before
    refresh_rating(artifact_id=artifact.id, user=uploader)
    assert set(ContentMark.objects.values_list("pk", flat=True)) == before


def test_marks_when_a_record_is_restored_then_written_again(register):
    artifact = register(ORIGINAL)
    marks = set(ContentMark.objects.values_list("kind", "value"))
    with get_store().open(record_key(artifact.id)) as stored:
        record = parse_record(stored.read(), artifact.id)
    Artifact.objects.all().delete()
    assert not ContentMark.objects.exists()
    restore_record(record, is_current=True)
    assert set(ContentMark.objects.values_list("kind", "value")) == marks
