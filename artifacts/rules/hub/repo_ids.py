"""By which ids the Hub's clients find artifacts.

What came from the Hub keeps its id there, since programs ask for that. Everything else gets an
owner that no organisation of the Hub can have, so that nothing can pose as one of them (D5):
`github.<owner>/<repository>`, `kaggle.<owner>/<name>`, and `registry.<user>/<name>` for uploads and
files of the web. `registry/<artifact id>` is valid for each artifact, also for those whose names
cannot be ids.

Source: `validate_repo_id` of huggingface_hub 2.4.0, which refuses other ids before any request.
"""

from __future__ import annotations

import string
from enum import StrEnum
from typing import Final, NamedTuple

from artifacts.enums import ArtifactType, SourceKind
from artifacts.limits import REPO_ID_PART_MAX_CHARS

_LETTERS = frozenset(string.ascii_letters + string.digits + "._-")
_ENDS = frozenset(string.ascii_letters + string.digits + "_")
_FORBIDDEN = ("--", "..")
_GIT_SUFFIX = ".git"
# The owner of ids that name an artifact by its own id.
ARTIFACTS_OWNER: Final = "registry"


class OwnerKind(StrEnum):
    """The first words of owners that this registry gives out, each followed by a dot."""

    GITHUB = "github"
    KAGGLE = "kaggle"
    REGISTRY = "registry"


_WORDS = frozenset(OwnerKind)
# The owners that are a source's own, behind a word.
SOURCE_KINDS: Final = {
    OwnerKind.GITHUB: SourceKind.GITHUB,
    OwnerKind.KAGGLE: SourceKind.KAGGLE,
}
# What is named by its uploader and its name, of which there may be two.
NAMED_KINDS: Final = (SourceKind.UPLOAD, SourceKind.DIRECT, SourceKind.COMMIT)
_OWNERS = {kind: owner for owner, kind in SOURCE_KINDS.items()} | dict.fromkeys(
    NAMED_KINDS, OwnerKind.REGISTRY
)
# The Hub's own kind for each type; a type without one is not served.
HUB_KINDS: Final = {
    ArtifactType.MODEL: SourceKind.HUGGINGFACE_MODEL,
    ArtifactType.DATASET: SourceKind.HUGGINGFACE_DATASET,
}


class RepoId(NamedTuple):
    """An id with an owner, split; a tuple, since clients ask for one before each file.

    Attributes:
        kind: whose owner it is; None for one of the Hub.
        owner: without the kind's word.
        name: what stands after the slash.
    """

    kind: OwnerKind | None
    owner: str
    name: str

    @property
    def artifact_id(self) -> str:
        """The artifact's own id, for `registry/<artifact id>`; "" for others."""
        return self.name if self.kind == OwnerKind.REGISTRY and not self.owner else ""


def is_repo_id(text: str) -> bool:
    """Whether a text is an id that clients accept; it may lack an owner."""
    parts = text.split("/")
    return (
        len(parts) <= 2  # noqa: PLR2004  (owner and name)
        and all(map(_is_part, parts))
        and not any(each in text for each in _FORBIDDEN)
        and not text.endswith(_GIT_SUFFIX)
    )


def _is_part(text: str) -> bool:
    """Whether a text can be an owner or a name."""
    is_short = 0 < len(text) <= REPO_ID_PART_MAX_CHARS
    return is_short and _LETTERS.issuperset(text) and {text[0], text[-1]} <= _ENDS


def is_reserved_owner(owner: str) -> bool:
    """Whether an owner is one that this registry gives out, in any case."""
    word, dot, _ = owner.lower().partition(".")
    return word in _WORDS and (bool(dot) or word == ARTIFACTS_OWNER)


def split_repo_id(repo_id: str) -> RepoId | None:
    """Return the parts of an id with an owner; None for one without, or for no id at all."""
    owner, slash, name = repo_id.partition("/")
    if not slash or not is_repo_id(repo_id):
        return None
    kind, rest = split_owner(owner)
    return RepoId(kind, rest, name)


def split_owner(owner: str) -> tuple[OwnerKind | None, str]:
    """Return whose owner it is, None for one of the Hub, and the owner without that word."""
    if not is_reserved_owner(owner):
        return None, owner
    word, _, rest = owner.partition(".")
    return OwnerKind(word.lower()), rest


def plain_repo_id(artifact_id: str) -> str:
    """Return the id that is valid for each artifact."""
    return f"{ARTIFACTS_OWNER}/{artifact_id}"


def make_repo_id(
    *,
    artifact_type: ArtifactType,
    artifact_id: str,
    name: str,
    uploader_name: str,
    source_kind: SourceKind,
    repository: str,
    folder: str,
) -> str:
    """Return the id under which an artifact is served.

    Args:
        repository: as the source spells it.
        folder: the folder of the repository that the artifact is; it has no id of its source then.
    """
    plain = plain_repo_id(artifact_id)
    if folder:
        return plain
    if source_kind == HUB_KINDS.get(artifact_type):
        owner, slash, _ = repository.partition("/")
        is_good = bool(slash) and is_repo_id(repository) and not is_reserved_owner(owner)
        return repository if is_good else plain
    owner_kind = _OWNERS.get(source_kind)
    if owner_kind is None:  # A data set of the Hub as a model, or the reverse.
        return plain
    rest = f"{uploader_name}/{name}" if owner_kind == OwnerKind.REGISTRY else repository
    repo_id = f"{owner_kind}.{rest}"
    return repo_id if "/" in rest and is_repo_id(repo_id) else plain
