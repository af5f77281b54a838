"""Artifacts that may be mistaken for each other."""

from artifacts.models import Artifact, LookAlike, Revision
from artifacts.services.trust.look_alikes import audit_names
from tests.factories.artifacts import make_artifact

KNOWN = "google-bert/bert-base-uncased"
SUSPECT = "evil/bert-base-uncasd"


def make_named(repository: str, number: int, *, downloads: int = 0) -> Artifact:
    """One model of this repository, as the Hub's."""
    artifact = make_artifact(repository.rpartition("/")[2], number=number)
    Artifact.objects.filter(pk=artifact.pk).update(source_key=f"huggingface_model:{repository}")
    Revision.objects.filter(artifact=artifact).update(
        repository=repository, facts={"downloads": downloads}
    )
    return artifact


def make_look_alike() -> LookAlike:
    """A suspect and a famous model, as the audit finds them."""
    make_named(KNOWN, 1, downloads=1_000_000)
    make_named(SUSPECT, 2, downloads=3)
    audit_names()
    return LookAlike.objects.get()
