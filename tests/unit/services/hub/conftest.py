import pytest

from artifacts.models import Artifact
from artifacts.rules.hub.operations import read_commit
from artifacts.services.hub.commits import commit_files
from artifacts.services.hub.repositories import create_repository
from artifacts.sources.commits import refer_to
from tests.unit.services.hub.committing import MODEL, body


@pytest.fixture
def repository(uploader):
    artifact, _ = create_repository(artifact_type=MODEL, owner="", name="robot", user=uploader)
    return artifact


@pytest.fixture
def push(repository, uploader):
    """Commit to the repository as it is now."""

    def commit(*lines, parent=None, user=uploader, artifact=None):
        now = artifact or Artifact.objects.select_related("current_revision").get(id=repository.id)
        reference = refer_to(f"registry.{uploader.username}/robot", "robot")
        return commit_files(
            artifact=now, reference=reference, commit=read_commit(body(*lines, parent=parent)),
            user=user,
        )  # fmt: skip

    return commit
