"""Facts from the Hub about the data sets that a model's card names."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceError, SourceUnavailable, TooMuchToRead
from artifacts.limits import CROISSANT_MAX_BYTES, README_MAX_BYTES
from artifacts.rules.cards import stated_license
from artifacts.rules.rating.data_documentation import Documentation, read_documentation
from artifacts.rules.rating.dataset_mentions import DatasetMention
from artifacts.rules.rating.evidence import DatasetFacts
from artifacts.rules.reading import ABSENT, Reading, ReadState
from artifacts.rules.values import is_hexadecimal, read_count, read_list, read_text
from artifacts.sources.forms import kept, named
from artifacts.sources.huggingface import client
from artifacts.sources.inquiry import Inquiry

_OK = 200
_CARD = "README.md"
_COMMIT_CHARS = 40
_KIND = SourceKind.HUGGINGFACE_DATASET
# The Hub's tag for a data set whose Croissant metadata it can make.
_HAS_CROISSANT = "library:mlcroissant"
# Statements of responsible use, in Croissant's vocabulary for them (MLCommons, Croissant RAI 1.0).
_STATEMENT = "rai:"


def fetch_dataset(mention: DatasetMention, inquiry: Inquiry) -> DatasetFacts:
    """Return the Hub's facts about a data set, without its card's text and Croissant metadata.

    Raises:
        SourceUnavailable: the Hub does not answer, or answers in another form.
    """
    path = f"{client.api_path(_KIND)}/{quote(mention.repository)}"
    answer = client.hub().get(path, inquiry=inquiry, also=client.ABSENT)
    if answer.status != _OK:
        reason = f"The Hub says that {mention.repository} does not exist or is private."
        return named_dataset(mention, Reading(ReadState.ABSENT, reason=reason))
    info = answer.json()
    if not isinstance(info, dict):
        raise SourceUnavailable("The Hub's answer about a data set has another form.")
    card = kept(info.get("cardData"))
    tags = [tag for tag in read_list(info.get("tags")) if isinstance(tag, str)]
    size_bytes, examples, splits = _measures(card)
    commit = read_text(info.get("sha"))
    return replace(
        named_dataset(mention, Reading(ReadState.READ)),
        repository=named(info.get("id"), mention.repository),
        license=stated_license(card) or _tagged(tags, "license:"),
        card=_tagged_fields(tags) | card,
        description=read_text(info.get("description")),
        text_reading=_not_asked(_CARD) if _may_have_card(info) else ABSENT,
        croissant_reading=ABSENT if splits or _HAS_CROISSANT not in tags else _not_asked(""),
        commit=commit if is_hexadecimal(commit, _COMMIT_CHARS) else "",
        size_bytes=size_bytes if size_bytes is not None else read_count(info.get("usedStorage")),
        examples=examples,
        splits=splits,
        downloads=read_count(info.get("downloads")),
        likes=read_count(info.get("likes")),
        is_gated=bool(info.get("gated")),
    )


def named_dataset(mention: DatasetMention, reading: Reading) -> DatasetFacts:
    """Return the facts about a data set that follow from a model's card alone.

    Args:
        reading: how far its source was asked about it.
    """
    return DatasetFacts(
        mention.repository,
        mention.url,
        mention.found_by,
        mention.purpose,
        mention.quote,
        reading,
    )


def add_card(dataset: DatasetFacts, inquiry: Inquiry) -> DatasetFacts:
    """Return the facts with the text of the data set's card.

    Raises:
        SourceUnavailable: the Hub does not answer.
    """
    answer = client.get_file(
        _KIND, dataset.repository, dataset.commit or "main", _CARD, README_MAX_BYTES, inquiry
    )
    if answer.status == _OK:
        return _with_text(dataset, answer.text())
    if answer.status in client.DENIED:
        reason = "The Hub shows its card only to those who accepted its terms."
        return replace(dataset, text_reading=Reading(ReadState.NOT_OPENED, _CARD, reason))
    return replace(dataset, text_reading=ABSENT)


def add_croissant(dataset: DatasetFacts, inquiry: Inquiry) -> DatasetFacts:
    """Return the facts, completed by the data set's Croissant metadata.

    The Hub makes them from the files where it can, and where it cannot it says so by various
    errors; none of those is a reason to ask again.

    Source: the Hub's documentation of the dataset viewer, "Get Croissant metadata"; MLCommons,
    Croissant format specification 1.0.
    """
    path = f"{client.api_path(_KIND)}/{quote(dataset.repository)}/croissant"
    try:
        answer = client.hub().get(
            path, inquiry=inquiry, max_bytes=CROISSANT_MAX_BYTES, also=(400, *client.ABSENT, 501)
        )
        data = kept(answer.json()) if answer.status == _OK else {}
    except SourceError as error:
        reading = Reading(ReadState.NOT_OPENED, "croissant", error.message)
        return replace(dataset, croissant_reading=reading)
    statements = "".join(f"\n\n## {title}\n\n{text}" for title, text in _statements(data))
    try:
        stated = read_documentation(statements[:README_MAX_BYTES])
    except TooMuchToRead:
        stated = Documentation()
    return replace(
        dataset,
        license=dataset.license or read_text(data.get("license")),
        description=dataset.description or read_text(data.get("description")),
        documentation=dataset.documentation.joined(stated),
        splits=dataset.splits or _croissant_splits(data),
        croissant_reading=Reading(ReadState.READ, "croissant") if data else ABSENT,
    )


def _with_text(dataset: DatasetFacts, text: str) -> DatasetFacts:
    """Return the facts with what a card says."""
    try:
        documentation = read_documentation(text)
    except TooMuchToRead as error:
        reading = Reading(ReadState.UNREADABLE, _CARD, error.message)
        return replace(dataset, text_reading=reading)
    reading = Reading(ReadState.READ, _CARD)
    return replace(dataset, documentation=documentation, text_reading=reading)


def _statements(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield title and text of what Croissant metadata state about making and using the data."""
    for key, value in data.items():
        texts = [each for each in (read_list(value) or [value]) if isinstance(each, str)]
        if key.startswith(_STATEMENT) and texts:
            name = key.removeprefix(_STATEMENT)
            # `dataCollection` as words.
            title = "".join(
                f" {each.lower()}" if each in string.ascii_uppercase else each for each in name
            )
            yield title, "\n".join(texts)


def _croissant_splits(data: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the splits in Croissant metadata, each once."""
    names: dict[str, None] = {}
    for record_set in read_list(data.get("recordSet")):
        rows = read_list(record_set.get("data")) if isinstance(record_set, dict) else []
        for row in rows:
            for key, value in row.items() if isinstance(row, dict) else ():
                if key.endswith("split_name") and isinstance(value, str):
                    names[value] = None
    return tuple(names)


def _may_have_card(info: dict[str, Any]) -> bool:
    """Whether the Hub's list of files has a card; without a list there may be one."""
    files = [each for each in read_list(info.get("siblings")) if isinstance(each, dict)]
    return not files or any(each.get("rfilename") == _CARD for each in files)


def _not_asked(path: str) -> Reading:
    """Return the reading of what there may be, as long as nobody asked for it."""
    return Reading(ReadState.NOT_ASKED, path, "It was not asked for yet.")


def _measures(card: dict[str, Any]) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Return the bytes, rows and splits that the card's `dataset_info` or `configs` state.

    Source: Hugging Face datasets library, DatasetInfo; one mapping, or a list of one for each
    configuration. Hub documentation, Manual Configuration: `data_files` has a split for each path.
    """
    stated = card.get("dataset_info")
    infos = [each for each in (read_list(stated) or [stated]) if isinstance(each, dict)]
    splits = [each for info in infos for each in read_list(info.get("splits"))]
    splits = [each for each in splits if isinstance(each, dict)]
    sizes = [size for info in infos if (size := read_count(info.get("dataset_size"))) is not None]
    rows = [count for each in splits if (count := read_count(each.get("num_examples"))) is not None]
    configs = [each for each in read_list(card.get("configs")) if isinstance(each, dict)]
    files = [each for config in configs for each in read_list(config.get("data_files"))]
    stated_names = (
        *(each.get("name") for each in splits),
        *(each.get("split") for each in files if isinstance(each, dict)),
    )
    names = dict.fromkeys(name for name in stated_names if isinstance(name, str))
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
    """Return the rest of the first tag with this prefix."""
    return next((tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)), "")
