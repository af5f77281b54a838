"""Checking whether a project may use a model."""

from __future__ import annotations

from dataclasses import replace

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import (
    InvalidRequest,
    LicenseUnavailable,
    ProjectNotFound,
    SourceAbsent,
    SourceError,
)
from artifacts.limits import EVIDENCE_DEADLINE_S
from artifacts.models import Revision
from artifacts.rules.licensing.compatibility import Verdict, check_use
from artifacts.selectors.artifacts import get_artifact
from artifacts.services.lineage.parent_links import read_parent_links
from artifacts.services.trust.evidence import registered_bases
from artifacts.sources.catalogue import find_source
from artifacts.sources.github.licenses import fetch_license
from artifacts.sources.inquiry import Inquiry


def check_license(*, artifact_id: str, github_url: str, with_quarantined: bool = False) -> Verdict:
    """Judge whether a GitHub project may fine-tune a registered model and run inference with it.

    The licenses of the model and of the registered models that it was made from are in their rows;
    only the project's is fetched.

    Raises:
        ArtifactNotFound: there is no such model.
        InvalidRequest, InvalidUrl, UnknownHost: the URL does not name a repository on GitHub.
        ProjectNotFound: GitHub knows no such repository.
        LicenseUnavailable: GitHub does not answer now.
    """
    _, reference = find_source(github_url)
    if reference.kind != SourceKind.GITHUB:
        raise InvalidRequest("github_url must be the address of a repository on GitHub.")
    artifact = get_artifact(ArtifactType.MODEL, artifact_id, with_quarantined=with_quarantined)
    license_ = Revision.objects.values_list("license", flat=True).get(
        pk=artifact.current_revision_id or 0
    )
    try:
        project = fetch_license(reference.repository, Inquiry(EVIDENCE_DEADLINE_S))
    except SourceAbsent as error:
        raise ProjectNotFound(reference.repository) from error
    except SourceError as error:
        raise LicenseUnavailable(reference.repository, error.message) from error
    bases = registered_bases(read_parent_links(artifact_id), artifact_id)
    verdict = check_use(license_, project.name, {each.name: each.license for each in bases})
    return replace(verdict, reasons=(*verdict.reasons, project.why)) if project.why else verdict
