"""The keys by which labels that may be alike are found, without comparing all pairs.

A label is stored under a few keys. Two labels that a mechanism joins share one, except typing slips
and owners' names with one: these are looked for by every slip that leads to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from artifacts.rules.confusion.edits import list_slips
from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanisms.owner import GITHUB
from artifacts.rules.confusion.skeletons import read_skeleton

_HASH_BYTES = 8
# Whoever registers one repository of an owner often registers more; the keys of one take 0.1 MB.
_OWNERS_KEPT_MAX = 32


def list_keys(label: Label) -> set[int]:
    """Return the keys under which a label is stored; fewer than ten."""
    return _hash_all([*_name_keys(label), *_owner_keys(label)])


def list_searched_keys(label: Label) -> set[int]:
    """Return the keys of all labels that may be like a label: about a thousand, at most 10,000."""
    slips = [f"{label.type} {slip}" for slip in list_slips(label.name.spelling)]
    found = _hash_all([*_name_keys(label), *slips, *_owner_keys(label)])
    if label.owner is not None and label.host == GITHUB:
        found |= _search_owner(label.owner.spelling)
    return found


@lru_cache(maxsize=_OWNERS_KEPT_MAX)
def _search_owner(spelling: str) -> frozenset[int]:
    """Return the keys of all owners that are one slip away."""
    slips = list_slips(spelling)
    return frozenset(_hash_all(f"owner {read_skeleton(slip)}" for slip in slips))


def _name_keys(label: Label) -> list[str]:
    """Return what a label's own name is found by; each form of it within its type."""
    name = label.name
    keys = [
        f"{label.type} {name.spelling}",
        f"{label.type} look {name.look}",
        f"{label.type} order {name.order}",
        f"{label.type} sound {name.sound}",
    ]
    if name.stem:
        keys.append(f"{label.type} {name.stem}")
    if label.owner is not None:
        keys.append(f"{label.type} {label.owner.spelling}{name.spelling}")
    return keys


def _owner_keys(label: Label) -> list[str]:
    """Return what a label's owner is found by, whatever is its type."""
    owner = label.owner
    if owner is None:
        return []
    return [f"owner {owner.look}", *([f"owner {read_skeleton(owner.stem)}"] if owner.stem else [])]


def _hash_all(texts: Iterable[str]) -> set[int]:
    """Return the texts' hashes, which fit a database's signed 64-bit number."""
    return {
        int.from_bytes(
            hashlib.blake2b(text.encode(errors="replace"), digest_size=_HASH_BYTES).digest(),
            "big",
            signed=True,
        )
        for text in texts
    }
