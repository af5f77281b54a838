"""The tags by which the Hub's clients know an artifact: what it is, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from artifacts.enums import GateVerdict
from artifacts.rules.card_facts import read_card_facts
from artifacts.rules.cards import spell_keys
from artifacts.rules.values import read_strings, read_tags

# A card with thousands of tags tells nobody more than its first.
TAGS_SHOWN_MAX = 100
GATE_TAG: Final = "registry:gate-"
LICENSE_TAG: Final = "license:"
BASE_MODEL_TAG: Final = "base_model:"
DATASET_TAG: Final = "dataset:"
# What the Hub tells from the files. Its other tags are about itself, such as `region:us`.
_FORMS: Final = frozenset((
    "pytorch", "tf", "jax", "safetensors", "onnx", "gguf", "coreml", "openvino", "tflite", "rust",
))  # fmt: skip
# What only the registry says, whatever a card has among its tags.
_OURS: Final = ("registry:", LICENSE_TAG, BASE_MODEL_TAG, DATASET_TAG)


def make_tags(
    *, card: object, facts: object, license_name: str, gate: GateVerdict | None
) -> list[str]:
    """Return the tags of a revision, each once: those that the registry makes come first.

    Args:
        license_name: as the source states it; "" for none.
        gate: None where nothing was rated.
    """
    written: Mapping[str, Any] = spell_keys(card) if isinstance(card, Mapping) else {}
    said = read_card_facts(card, facts)
    bases, data = (read_strings(written.get(each)) for each in ("base_model", "datasets"))
    forms = read_tags(facts) if isinstance(facts, Mapping) else ()
    own = (each for each in read_strings(written.get("tags")) if not _is_ours(each))
    tags: Sequence[str] = (
        f"{GATE_TAG}{gate}" if gate is not None else "",
        f"{LICENSE_TAG}{license_name.lower()}" if license_name else "",
        said.task,
        said.library,
        *said.languages,
        *(f"{BASE_MODEL_TAG}{each}" for each in bases if each),
        *(f"{DATASET_TAG}{each}" for each in data if each),
        *(each for each in forms if each in _FORMS),
        *own,
    )
    return list(dict.fromkeys(each for each in tags if each))[:TAGS_SHOWN_MAX]


def _is_ours(tag: str) -> bool:
    """Whether a tag says what only the registry may say: a card must not pass the gate itself."""
    return tag.lower().startswith(_OURS)
