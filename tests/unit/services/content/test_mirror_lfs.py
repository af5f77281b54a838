"""Weights that stand as Git LFS pointers in a repository of GitHub."""

import hashlib
from dataclasses import replace

import pytest

from artifacts.enums import ArtifactType, ContentState, Part, SourceKind
from artifacts.models import File, Revision, Task
from artifacts.selectors.catalogue.cost import get_cost
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.mirror import mirror_revision
from artifacts.services.trust.model_facts import read_revision_facts
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(source, uploader, settings) -> Revision:
    """A model whose one file is not fetched yet."""
    settings.REGISTRY_TASKS = "worker"
    source.snapshot = make_snapshot(make_reference(), contents={"big.bin": b"pointer"})
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    return Revision.objects.get()


def test_mirror_when_an_object_comes_for_a_pointer_then_rated_by_its_size(
    model, source, monkeypatch
):
    weights = b"w" * 3_000
    digest = f"sha256:{hashlib.sha256(weights).hexdigest()}"

    def fetch_contents(reference, commit, files):
        for file in files:
            yield replace(file, size_bytes=len(weights), digest=digest), iter([weights])

    monkeypatch.setattr(source, "fetch_contents", fetch_contents)
    model.files.update(source_digest=f"git:{'0' * 40}")
    mirror_revision(revision_id=model.pk)
    (file,) = model.files.all()
    assert (file.size_bytes, file.source_digest, file.fault) == (len(weights), digest, "")
    assert Task.objects.filter(name="rate_examined_model").count() == 1
    assert get_cost(ArtifactType.MODEL, model.artifact_id) == len(weights) / 1_000_000


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        (SourceKind.GITHUB, ContentState.PENDING, [None, 134, 5_000]),
        (SourceKind.GITHUB, ContentState.LINK_ONLY, [None, 134, 5_000]),
        (SourceKind.GITHUB, ContentState.STORED, [134, 134, 5_000]),
        (SourceKind.HUGGINGFACE_MODEL, ContentState.PENDING, [134, 134, 5_000]),
    ],
)
def test_read_revision_facts_when_weights_may_be_pointers_then_their_size_is_not_known(
    model, kind, state, expected
):
    model.files.all().delete()
    for path, part, size_bytes in (
        ("a.bin", Part.WEIGHTS, 134), ("b.py", Part.CODE, 134), ("c.bin", Part.WEIGHTS, 5_000),
    ):  # fmt: skip
        File.objects.create(revision=model, path=path, part=part, size_bytes=size_bytes)
    model.source_kind, model.content_state = kind, state
    assert [file.size_bytes for file in read_revision_facts(model).files] == expected
