"""Artifacts whose pages are looked at, and how."""

import hashlib

from django.test import Client
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, ContentState, Part, SourceKind
from artifacts.models import Artifact, AuditEntry, Blob, File, Revision
from artifacts.rules.digest import Sha256
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import make_evidence, make_model
from tests.factories.ratings import make_edge, make_rating

MARKUP = "<script>alert(1)</script>'\"&{{ 7*7 }}"
OVERRIDE = "\u202egpj.exe"
DATA = b"# robot\n"


def show(client: Client, artifact: Artifact, query: str = "") -> str:
    answer = client.get(f"/a/{artifact.id}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def keep(artifact: Artifact) -> Artifact:
    """Keep the bytes of its only file, its card."""
    sha256 = Sha256(hashlib.sha256(DATA).hexdigest())
    get_store().create(blob_key(sha256), DATA, "application/octet-stream")
    blob, _ = Blob.objects.get_or_create(sha256=sha256, size_bytes=len(DATA))
    File.objects.filter(revision__artifact=artifact).update(blob=blob, size_bytes=len(DATA))
    Revision.objects.filter(artifact=artifact).update(
        content_state=ContentState.STORED, size_bytes=len(DATA)
    )
    return artifact


def make_large(rows: int) -> Artifact:
    """An artifact with so many rows of everything, whose every text is hostile."""
    name = f"{MARKUP}{OVERRIDE}{'long' * 40}"
    artifact = make_artifact(
        name, readme=f"# {name}\n\n" + f"- [{name}](https://a.example)\n" * 500
    )
    revision = artifact.current_revision
    revision.card = {"language": ["en", MARKUP] * rows, "pipeline_tag": MARKUP, "tags": [1, None]}
    revision.facts = {"tags": ["arxiv:2212.04356", MARKUP], "library_name": OVERRIDE}
    revision.url = f"https://huggingface.co/{name}"
    revision.license = revision.commit = MARKUP
    revision.save()
    File.objects.bulk_create(
        File(revision=revision, path=f"{OVERRIDE}{MARKUP}{'d' * 60}-{number:05}", part=Part.WEIGHTS,
             size_bytes=1, source_digest=f"sha256:{'0' * 64}")
        for number in range(rows * 20)
    )  # fmt: skip
    evidence = make_evidence(make_model(repository=name, readme=name, license=name))
    for number in range(rows):
        make_rating(artifact, evidence, created_by=MARKUP)
        parent = make_artifact(f"{number}{name}"[:250], number=2 * number + 2)
        Revision.objects.filter(artifact=parent).update(license=MARKUP, size_bytes=5)
        make_edge(artifact, parent)
        make_edge(parent, f"{number}{name}"[:250], parent_type="dataset")
        make_edge(make_artifact(name, "code", number=2 * number + 3), artifact)
    for number in range(rows):
        Revision.objects.create(
            artifact=artifact, number=number + 2, url=revision.url, source_kind=SourceKind.UPLOAD,
            repository="x", created_at=timezone.now(), created_by=MARKUP,
        )  # fmt: skip
    AuditEntry.objects.bulk_create(
        AuditEntry(artifact_id=artifact.id, artifact_type=ArtifactType.MODEL, artifact_name=name,
                   user_name=MARKUP, user_is_admin=False, action=AuditAction.RATE,
                   created_at=timezone.now(), note=name)
        for _ in range(rows * 10)
    )  # fmt: skip
    return artifact
