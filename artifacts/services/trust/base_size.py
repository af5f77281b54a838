"""The size of the model that an adapter needs: from our rows, or else from the Hub's list of files.

It is asked for only where neither the adapter's weights are whole nor the base's name states how
many parameters it has.
"""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.enums import ArtifactType, Part, SourceKind
from artifacts.exceptions import SourceAbsent, SourceError
from artifacts.models import Artifact
from artifacts.rules.parts import classify_part
from artifacts.rules.rating.ancestry import BaseSize
from artifacts.rules.rating.deployment import deployed_files, is_adapter
from artifacts.rules.rating.evidence import FileFacts, Missing, ModelFacts
from artifacts.rules.rating.metrics.size_score import estimate_bytes, name_base
from artifacts.rules.values import read_count
from artifacts.services.lineage.parent_links import ParentLink
from artifacts.services.trust.missing import missing
from artifacts.sources.huggingface.client import list_tree
from artifacts.sources.inquiry import Inquiry

_REF = "main"


def find_unsized_base(model: ModelFacts, parents: tuple[ParentLink, ...]) -> ParentLink | None:
    """Return the base whose size decides what a deployment loads and that its name does not tell.

    None for a model that is whole.
    """
    chosen = deployed_files(file for file in model.files if file.size_bytes is not None)
    if not is_adapter(chosen, model.tags) or estimate_bytes(name_base(model)):
        return None
    models = [each for each in parents if each.parent_type == ArtifactType.MODEL]
    named = name_base(model).lower()
    found = next((each for each in models if each.parent_name.lower() == named), None)
    # Addresses and sentences name it otherwise.
    return models[0] if found is None and len(models) == 1 else found


def find_our_size(base: ParentLink) -> BaseSize | Missing | None:
    """Return the size of a base that is registered here, None for one that is not."""
    found = Artifact.objects.visible().filter(
        type=ArtifactType.MODEL, source_key=base.parent_key, current_revision__isnull=False
    )
    columns = ("path", "size_bytes", "part", "source_digest")
    rows = found.values_list(*(f"current_revision__files__{each}" for each in columns))
    files = [FileFacts(row[0], row[1], Part(row[2]), row[3]) for row in rows if row[0]]
    return _measure(base, files) if files else None


def ask_for_size(base: ParentLink, inquiry: Inquiry, *, is_asked: bool) -> BaseSize | Missing:
    """Return the size of a base by what the Hub lists. Needs no database.

    Args:
        is_asked: whether a request to the Hub is left for it.
    """
    if not is_asked:
        return Missing(
            f"the size of {base.parent_name} was not asked for yet.", is_to_be_asked=True
        )
    try:
        return _measure(base, _list_at_hub(base.parent_name, inquiry))
    except SourceError as error:
        return missing(error)


def _measure(base: ParentLink, files: Sequence[FileFacts]) -> BaseSize | Missing:
    """Return what one deployment of a base loads."""
    chosen = deployed_files(each for each in files if each.size_bytes is not None)
    if not chosen or is_adapter(chosen):
        return Missing(f"the files of {base.parent_name} do not tell its size.")
    return BaseSize(base.parent_name, sum(each.size_bytes or 0 for each in chosen), base.parent_url)


def _list_at_hub(repository: str, inquiry: Inquiry) -> list[FileFacts]:
    """Return the files that the Hub lists.

    Raises:
        SourceError: it does not show them.
    """
    tree = list_tree(SourceKind.HUGGINGFACE_MODEL, repository, _REF, inquiry)
    if tree is None:
        raise SourceAbsent(f"The Hub does not show the files of {repository}.")
    return [
        FileFacts(path, size_bytes, classify_part(path, size_bytes))
        for each in tree
        if isinstance(path := each.get("path"), str)
        for size_bytes in [read_count(each.get("size"))]
    ]
