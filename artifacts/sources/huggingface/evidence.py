"""What the Hub knows beyond a snapshot: who committed, which data sets there are."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceAbsent, SourceUnavailable
from artifacts.limits import README_MAX_BYTES
from artifacts.rules.cards import stated_license
from artifacts.rules.rating.evidence import CommitFacts, DatasetFacts
from artifacts.rules.rating.links import DatasetMention
from artifacts.rules.values import count_of, list_of
from artifacts.sources.base import Deadline
from artifacts.sources.forms import kept, named
from artifacts.sources.huggingface import client

# One page of history; a model's repository rarely has more, and who is on it is who keeps it up.
_COMMITS_PER_PAGE = 100
# Accounts of the Hub that commit by themselves.
_BOTS = frozenset(("system", "sfconvertbot", "hf-bot", "librarian-bot", "parquet-converter"))
_OK = 200


def fetch_commits(repository: str, commit: str, deadline: Deadline) -> CommitFacts:
    """Return who committed to a model's repository, as far as one page of its history tells.

    Raises:
        SourceAbsent: the Hub does not show the history to us.
        SourceUnavailable: it does not answer, or in another form.
    """
    base = client.api_path(SourceKind.HUGGINGFACE_MODEL)
    path = f"{base}/{quote(repository)}/commits/{commit}?limit={_COMMITS_PER_PAGE}"
    answer = client.hub().get(path, deadline=deadline, also=client.ABSENT)
    if answer.status != _OK:
        raise SourceAbsent(f"The Hub does not show the history of {repository}.")
    listed = answer.json()
    if not isinstance(listed, list):
        raise SourceUnavailable("The Hub's list of commits has another form than documented.")
    counts: dict[str, int] = {}
    for entry in listed:
        for name in _authors(entry)[:1]:
            counts[name] = counts.get(name, 0) + 1
    return CommitFacts(counts, is_partial=len(listed) >= _COMMITS_PER_PAGE)


def fetch_dataset(mention: DatasetMention, deadline: Deadline) -> DatasetFacts:
    """Return what the Hub knows about a data set; `is_found` is False when it does not know it.

    Raises:
        SourceUnavailable: the Hub does not answer, or in another form.
    """
    path = f"{client.api_path(SourceKind.HUGGINGFACE_DATASET)}/{quote(mention.repository)}"
    answer = client.hub().get(path, deadline=deadline, also=client.ABSENT)
    if answer.status != _OK:
        return named_dataset(mention)
    info = answer.json()
    if not isinstance(info, dict):
        raise SourceUnavailable("The Hub's answer about a data set has another form.")
    card = kept(info.get("cardData"))
    tags = [tag for tag in list_of(info.get("tags")) if isinstance(tag, str)]
    size_bytes, examples, splits = _measures(card)
    return DatasetFacts(
        repository=named(info.get("id"), mention.repository),
        url=mention.url,
        found_by=mention.found_by,
        purpose=mention.purpose,
        is_found=True,
        license=stated_license(card) or _tagged(tags, "license:"),
        card=_tagged_fields(tags) | card,
        description=str(info.get("description") or ""),
        size_bytes=size_bytes if size_bytes is not None else count_of(info.get("usedStorage")),
        examples=examples,
        splits=splits,
        downloads=count_of(info.get("downloads")),
        likes=count_of(info.get("likes")),
        is_gated=bool(info.get("gated")),
    )


def named_dataset(mention: DatasetMention) -> DatasetFacts:
    """Return what a card alone says about a data set."""
    return DatasetFacts(mention.repository, mention.url, mention.found_by, mention.purpose)


def fetch_card(repository: str, deadline: Deadline) -> str:
    """Return the card of another model, "" when there is none for us."""
    answer = client.get_file(
        SourceKind.HUGGINGFACE_MODEL, repository, "main", "README.md", README_MAX_BYTES, deadline
    )
    return answer.text() if answer.status == _OK else ""


def _authors(entry: object) -> list[str]:
    """Return the people of a commit, bots left out."""
    authors = list_of(entry.get("authors")) if isinstance(entry, dict) else []
    names = [each.get("user") or each.get("name") for each in authors if isinstance(each, dict)]
    return [
        name
        for name in names
        if isinstance(name, str) and name.lower() not in _BOTS and not name.endswith("[bot]")
    ]


def _measures(card: dict[str, Any]) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Return bytes, rows and splits that the card's `dataset_info` states.

    Source: Hugging Face datasets library, DatasetInfo; one mapping, or a list of one for each
    configuration.
    """
    stated = card.get("dataset_info")
    infos = [each for each in (list_of(stated) or [stated]) if isinstance(each, dict)]
    splits = [each for info in infos for each in list_of(info.get("splits"))]
    splits = [each for each in splits if isinstance(each, dict)]
    sizes = [size for info in infos if (size := count_of(info.get("dataset_size"))) is not None]
    rows = [count for each in splits if (count := count_of(each.get("num_examples"))) is not None]
    names = dict.fromkeys(name for each in splits if isinstance(name := each.get("name"), str))
    return sum(sizes) if sizes else None, sum(rows) if rows else None, tuple(names)


def _tagged_fields(tags: list[str]) -> dict[str, Any]:
    """Return the fields that the Hub repeats as tags, such as `language:en`."""
    fields: dict[str, Any] = {}
    for tag in tags:
        name, colon, value = tag.partition(":")
        if colon and name in ("language", "size_categories", "task_categories", "task_ids"):
            fields.setdefault(name, []).append(value)
    return fields


def _tagged(tags: list[str], prefix: str) -> str:
    """Return what follows a prefix in the first tag that has it."""
    return next((tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)), "")
