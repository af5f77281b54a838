"""The tags by which the Hub's clients know an artifact: what it is, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from artifacts.enums import GateVerdict
from artifacts.rules.card_facts import read_card_facts
from artifacts.rules.cards import spell_keys
from artifacts.rules.values import read_strings

# A card with thousands of tags tells nobody more than its first.
TAGS_SHOWN_MAX = 100
GATE_TAG: Final = "registry:gate-"


def make_tags(
    *, card: object, facts: object, license_name: str, gate: GateVerdict | None
) -> list[str]:
    """Return the tags of a revision, each once.

    Args:
        license_name: as the source states it; "" for none.
        gate: None where nothing was rated.
    """
    written: Mapping[str, Any] = spell_keys(card) if isinstance(card, Mapping) else {}
    said = read_card_facts(card, facts)
    bases = read_strings(written.get("base_model"))
    tags: Sequence[str] = (
        said.task,
        said.library,
        *read_strings(written.get("tags")),
        *(f"base_model:{each}" for each in bases if each),
        f"license:{license_name.lower()}" if license_name else "",
        f"{GATE_TAG}{gate}" if gate is not None else "",
    )
    return list(dict.fromkeys(each for each in tags if each))[:TAGS_SHOWN_MAX]
