"""What people type into the search field: an id, a URL in any spelling, `owner/name`, or words.

Words are looked up in any case, as a part of the name or of the README. The trigram index answers
for words with three letters or digits in a row; shorter ones are looked up in names alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.conf import settings

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import InvalidUrl, RecordBroken
from artifacts.limits import CATALOGUE_COUNTED_MAX, READMES_FOUND_MAX, TYPED_WORDS_MAX
from artifacts.models import Artifact
from artifacts.rules.identity import parse_id
from artifacts.rules.names import is_hub_name_part
from artifacts.selectors.catalogue.candidates import has_trigram
from artifacts.selectors.catalogue.word_index import find_words
from artifacts.sources.base import SourceReference
from artifacts.sources.catalogue import find_source

_OWNER_AND_NAME = 2
# Where `owner/name` may lie; the source's key begins with it.
_OF_OWNERS = (
    SourceKind.HUGGINGFACE_MODEL, SourceKind.HUGGINGFACE_DATASET, SourceKind.GITHUB,
    SourceKind.KAGGLE,
)  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """The artifacts that fit what was typed.

    Attributes:
        ids: none where nothing fits. None if no word is long enough for the index: then names have
            to be read for the words.
        url: what was typed, as the URL that it was read as; "" for none.
        words: what was looked up in names and READMEs; () for an id or a URL.
        is_cut: whether more names fit than are read.
        is_names_only: whether READMEs were left out, as too many of them hold the words.
    """

    ids: frozenset[str] | None
    url: str = ""
    words: tuple[str, ...] = ()
    is_cut: bool = False
    is_names_only: bool = False


def find_typed(text: str) -> Typed:
    """Return the artifacts that fit what was typed into the search field.

    Args:
        text: not empty.
    """
    known = _find_id(text)
    if known is not None:
        return Typed(frozenset((known,)))
    url = read_url(text)
    if url:
        _, reference = find_source(url)
        return Typed(_find_keys(_list_keys(reference)), url)
    words = tuple(text.split())[:TYPED_WORDS_MAX]
    if not any(map(has_trigram, words)):
        return Typed(None, words=words)
    held = find_words(words)
    owned = _find_keys(_list_owned(text))
    readmes = held.in_readmes if held.in_readmes is not None else []
    is_names_only = held.in_readmes is None or len(readmes) > READMES_FOUND_MAX
    return Typed(
        ids=owned.union(held.in_names[:CATALOGUE_COUNTED_MAX], () if is_names_only else readmes),
        words=words,
        is_cut=len(held.in_names) > CATALOGUE_COUNTED_MAX,
        is_names_only=is_names_only,
    )


def read_url(text: str) -> str:
    """Return what was typed as a URL that registration takes, "" if it is none.

    Scheme and `www.` may be left out, as in `huggingface.co/openai/whisper-tiny`.
    """
    host = text.partition("/")[0].lower()
    has_host = host in settings.REGISTRY_ALLOWED_HOSTS and "/" in text
    url = f"https://{text}" if has_host else text
    try:
        find_source(url)
    except InvalidUrl:
        return ""
    return url


def _find_id(text: str) -> str | None:
    """Return the id that was typed, or that the address of a page ends in; None for none."""
    last = text.rstrip("/").rpartition("/")[2]
    try:
        parse_id(last)
    except RecordBroken:
        return None
    found = Artifact.objects.shown().filter(pk=last).values_list("pk", flat=True)
    return found.first()


def _list_keys(reference: SourceReference) -> Iterator[str]:
    """Yield the keys under which a URL's source may be registered.

    A branch that is the source's default is no part of its key, and a page within a repository
    stands for it.
    """
    yield reference.key
    yield replace(reference, ref="").key
    yield replace(reference, folder="").key
    yield replace(reference, ref="", folder="").key


def _list_owned(text: str) -> Iterator[str]:
    """Yield the keys of `owner/name` at each source that has owners."""
    parts = text.split("/")
    if len(parts) == _OWNER_AND_NAME and all(map(is_hub_name_part, parts)):
        for kind in _OF_OWNERS:
            yield SourceReference(kind=kind, repository=text, name=parts[1], url=text).key


def _find_keys(keys: Iterator[str]) -> frozenset[str]:
    """Return the artifacts of these sources."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return frozenset()
    # With the types, which the index begins with.
    found = Artifact.objects.shown().filter(source_key__in=wanted, type__in=list(ArtifactType))
    return frozenset(found.values_list("pk", flat=True))
