"""Executing a card's demonstration, where an operator provides an interpreter for it."""

from __future__ import annotations

import logging
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from artifacts.enums import ArtifactType, ContentState
from artifacts.exceptions import ArtifactNotFound
from artifacts.limits import DEMONSTRATED_MAX_BYTES
from artifacts.models import Artifact, File, Revision
from artifacts.rules.digest import Sha256
from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.rating.evidence import DemonstrationFacts
from artifacts.rules.readme import parse_readme
from artifacts.sandbox.programs import run_isolated
from artifacts.services.trust.model_facts import read_revision_facts
from artifacts.services.trust.rating import rate_revision, save_late_rating
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


def demonstrate_model(*, artifact_id: str) -> None:
    """Run the demonstration of a model's card on the stored files, and rate the model with it.

    The files lie in a folder named after the repository, so that code which loads `owner/name`
    finds them without a network. Called by its task once the content is stored. Does nothing if the
    sandbox is off, the card has no complete demonstration, or the model is too large.
    """
    artifact = Artifact.objects.filter(id=artifact_id, type=ArtifactType.MODEL).first()
    if not settings.REGISTRY_DEMONSTRATION_PYTHON or artifact is None:
        return
    revision = (
        Revision.objects.select_related("artifact", "current_rating")
        .filter(pk=artifact.current_revision_id or 0, content_state=ContentState.STORED)
        .first()
    )
    if revision is None or revision.stored_bytes > DEMONSTRATED_MAX_BYTES:
        return
    found = _try(revision)
    if found is None:
        return
    rating = rate_revision(revision, "registry", demonstration=found)
    with suppress(ArtifactNotFound):  # Deleted while it ran.
        save_late_rating(rating)
    logger.info("model.demonstrated", extra={"artifact": artifact_id, "well": found.ended_well})


def _try(revision: Revision) -> DemonstrationFacts | None:
    """Run the best of a card's code blocks; None if there is none, or no sandbox."""
    model = read_revision_facts(revision)
    best = judge_blocks(
        parse_readme(model.readme).code_blocks,
        repository=model.repository,
        library=model.library,
        paths=[file.path for file in model.files],
    )
    if not best.code:
        return None
    with tempfile.TemporaryDirectory(prefix="demonstration-") as name:
        folder = Path(name)
        _lay_out(revision, folder / model.repository)
        run = run_isolated(
            best.code,
            interpreter=settings.REGISTRY_DEMONSTRATION_PYTHON,
            folder=folder,
            hidden=_hidden(),
        )
    if run.exit_status is None:
        logger.warning("demonstration.not_run", extra={"reason": run.output})
        return None
    return DemonstrationFacts(
        ended_well=run.exit_status == 0 and not run.is_timed_out,
        is_timed_out=run.is_timed_out,
        output=run.output,
        section=best.where,
    )


def _lay_out(revision: Revision, folder: Path) -> None:
    """Write a revision's files into a folder; their paths were checked when they were listed."""
    store = get_store()
    for file in File.objects.filter(revision=revision, blob__isnull=False):
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        with store.open(blob_key(Sha256(str(file.blob_id)))) as source, place.open("wb") as target:
            shutil.copyfileobj(source, target)


def _hidden() -> list[Path]:
    """Return the folders that hold data and credentials."""
    home = Path.home()
    secrets = (".aws", ".ssh", ".config", ".cache/huggingface", ".docker", ".kaggle")
    return [Path(settings.REGISTRY_DATA_DIR), *(home / each for each in secrets)]
