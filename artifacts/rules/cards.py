"""Reading a card: the front matter of a README, written by strangers.

Source: the Hub's documentation, "Model Cards" and "Dataset Cards": YAML between two lines of `---`.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from typing import Any

import yaml

from artifacts.limits import CARD_MAX_CHARS

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)


def parse_front_matter(readme: str) -> dict[str, Any]:
    """Return the front matter as JSON data; {} when there is none or it is broken.

    YAML's references are refused: ten lines of them can stand for gigabytes ("billion laughs").
    """
    found = _FRONT_MATTER.match(readme)
    if found is None or len(found[1]) > CARD_MAX_CHARS:
        return {}
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(found[1])):
            return {}
        data = yaml.safe_load(found[1])
        return bounded(data) if isinstance(data, dict) else {}
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}


def bounded(data: dict[str, Any]) -> dict[str, Any]:
    """Return data as JSON can hold it, or {} when it is larger than a card may be."""
    text = json.dumps(_plain(data), ensure_ascii=True, allow_nan=False)
    result: dict[str, Any] = json.loads(text) if len(text) <= CARD_MAX_CHARS else {}
    return result


def stated_license(card: dict[str, Any]) -> str:
    """Return the license that a card states; several are joined with `AND`, the careful reading.

    A `license_name` says more than the `other` beside it.
    """
    stated = card.get("license")
    if stated == "other" and isinstance(card.get("license_name"), str):
        return str(card["license_name"])
    if isinstance(stated, list):
        return " AND ".join(str(each) for each in stated if isinstance(each, str))
    return stated if isinstance(stated, str) else ""


def _plain(value: Any) -> Any:
    """Return YAML data as JSON data: dates as text, keys as text, no infinite numbers."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(each) for each in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
