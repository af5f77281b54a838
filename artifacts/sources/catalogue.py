"""Every source, in the order in which they may claim a URL."""

from __future__ import annotations

from artifacts.enums import ArtifactType, Part, SourceKind
from artifacts.exceptions import InvalidUrl
from artifacts.rules.parts import classify_part
from artifacts.sources.base import Source, SourceReference
from artifacts.sources.commits import CommitSource
from artifacts.sources.direct import DirectSource
from artifacts.sources.github import GitHubSource
from artifacts.sources.huggingface import HuggingFaceSource
from artifacts.sources.kaggle import KaggleSource
from artifacts.sources.uploads import UploadSource

SOURCES: tuple[Source, ...] = (
    # Uploads and commits come first, since their URLs name no host; direct files last, since they
    # claim any allowed host.
    UploadSource(),
    CommitSource(),
    HuggingFaceSource(),
    GitHubSource(),
    KaggleSource(),
    DirectSource(),
)

_USUAL_TYPES = {
    SourceKind.HUGGINGFACE_DATASET: ArtifactType.DATASET,
    SourceKind.KAGGLE: ArtifactType.DATASET,
    SourceKind.GITHUB: ArtifactType.CODE,
}
_TYPES_OF_FILES = {Part.DATASET: ArtifactType.DATASET, Part.CODE: ArtifactType.CODE}


def find_source(url: str) -> tuple[Source, SourceReference]:
    """Return the source of a URL, and what the URL refers to there.

    Raises:
        InvalidUrl, UnknownHost: the URL is wrong, or we do not fetch from its host.
    """
    for source in SOURCES:
        reference = source.parse(url)
        if reference is not None:
            return source, reference
    raise InvalidUrl("No source of this registry knows what this url names.")


def guess_type(reference: SourceReference) -> ArtifactType:
    """Return what a URL most probably names, for people who did not say; a model in doubt."""
    if reference.kind == SourceKind.DIRECT:
        return _TYPES_OF_FILES.get(classify_part(reference.name), ArtifactType.MODEL)
    return _USUAL_TYPES.get(reference.kind, ArtifactType.MODEL)


def get_source(kind: str) -> Source:
    """Return the source of a kind, by its value in `enums.SourceKind`.

    Raises:
        KeyError: there is no source of this kind.
    """
    return {each.value: source for source in SOURCES for each in source.kinds}[kind]
