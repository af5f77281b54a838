"""Which artifacts a name is compared with."""

import pytest

from artifacts.enums import SourceKind
from artifacts.models import NameKey
from artifacts.rules.confusion.labels import Called
from artifacts.selectors.trust.suspicions import find_suspicions_about
from artifacts.services.trust.look_alikes import audit_names
from tests.factories.look_alikes import KNOWN, make_named

pytestmark = pytest.mark.django_db


def called(repository: str, downloads: int = 0) -> Called:
    name = repository.rpartition("/")[2]
    return Called("", "model", name, 0, SourceKind.HUGGINGFACE_MODEL, repository, downloads)


@pytest.mark.parametrize("known", [KNOWN, "openai/whisper-large", "suno/bark-voices"])
def test_suspicions_when_the_owner_has_many_artifacts_then_others_are_compared_all_the_same(
    known, set_limits
):
    for at, word in enumerate(("tea", "milk", "sugar"), 1):
        make_named(f"Evil-Labs/{word}-cup", at)
    famous = make_named(known, 4, downloads=1_000_000)
    audit_names()
    set_limits(LOOK_ALIKE_CANDIDATES_MAX=1)
    name = known.rpartition("/")[2]
    (found,) = find_suspicions_about(called(f"evil-labs/{name[:-2]}{name[-1]}"))
    assert found.other.id == famous.id


def test_suspicions_when_an_artifact_shares_many_keys_then_it_takes_one_place(set_limits):
    made = [make_named("acme/bert-base-uncased", 1), make_named("b-labs/uncased-bert-base", 2)]
    audit_names()
    assert NameKey.objects.filter(artifact=made[0]).count() > 2
    set_limits(LOOK_ALIKE_CANDIDATES_MAX=2)
    found = find_suspicions_about(called(KNOWN, 1_000_000))
    assert {each.suspect.id for each in found} == {each.id for each in made}
