"""The models that a merge was made from, out of the configuration that mergekit wrote or was given.

It lies beside the weights as `mergekit_config.yml`, and the card that mergekit writes shows it.

Source: mergekit, README ("Merge Configuration"): `base_model`, `models`, `slices` with `sources`,
`modules`; a model may have low-rank weights behind a plus sign.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.rules.encodings import decode_text
from artifacts.rules.readme import Readme
from artifacts.rules.values import read_list
from artifacts.rules.yaml_text import read_yaml

# The fact of a snapshot that keeps the names.
MERGED = "merged"
_FILES = ("mergekit_config.yml", "mergekit_config.yaml", "merge_config.yml", "merge_config.yaml")
_METHOD = "merge_method"
_WHAT = "The configuration of the merge"
_YAML = frozenset(("", "yaml", "yml"))
# Lists of models lie in lists of sources, slices and modules.
_DEPTH_MAX = 6
_LISTS = ("models", "slices", "sources", "modules")
# The model of a row, or of the whole, and where a mapping has its name.
_NAMES = ("model", "base_model")
_PATH, _LORA = "path", "+"


def find_merge_config(paths: Collection[str], folder: str = "") -> str:
    """Return the path of the configuration of a merge, "" for none."""
    prefix = f"{folder}/" if folder else ""
    return next((prefix + name for name in _FILES if prefix + name in paths), "")


def read_merge_config(text: str) -> list[str]:
    """Return the names of the models that a configuration merges, in order; [] for no such."""
    try:
        data = read_yaml(text, _WHAT)
    except (Unreadable, TooMuchToRead):
        return []
    return list(dict.fromkeys(_list_names(data, 0))) if _METHOD in data else []


def keep_merged(raw: bytes) -> dict[str, list[str]]:
    """Return the entry for a snapshot's facts; {} for bytes that are no such configuration."""
    names = read_merge_config(decode_text(raw).text) if raw else []
    return {MERGED: names} if names else {}


def find_merged(readme: Readme) -> list[str]:
    """Return the models that the configuration in a card merges, [] for none."""
    blocks = (each.text for each in readme.code_blocks if each.language in _YAML)
    return next(filter(None, (read_merge_config(each) for each in blocks if _METHOD in each)), [])


def _list_names(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield the models that a mapping names, and those of the lists in it."""
    for key in _NAMES:
        value = data.get(key)
        if isinstance(value, dict):
            inner = value.get("model", value)
            value = inner.get(_PATH) if isinstance(inner, dict) else inner
        if isinstance(value, str):
            yield from (each.strip() for each in value.split(_LORA))
    if depth == _DEPTH_MAX:
        return
    for key in _LISTS:
        value = data.get(key)
        rows = value.values() if isinstance(value, dict) else read_list(value)
        for each in rows:
            if isinstance(each, dict):
                yield from _list_names(each, depth + 1)
