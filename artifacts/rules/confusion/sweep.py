"""Finds all labels that may be mistaken for others, in time that grows with their number.

Labels of one spelling are one group. Groups that share a form, or a shortened spelling, come into
one bucket, in which each is compared with the best known few; so a bucket of thousands costs
thousands of comparisons and not millions. Shortened spellings are made for one length at a time,
which keeps few of them in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from artifacts.rules.confusion.catalogue import judge_pair
from artifacts.rules.confusion.edits import list_shortened
from artifacts.rules.confusion.labels import Label, Name
from artifacts.rules.confusion.mechanisms import owner as owner_mechanism
from artifacts.rules.confusion.mechanisms.typo import NAME_MIN_CHARS
from artifacts.rules.confusion.sign import Sign

# With how many of the best known of a bucket the others are compared: the best known one may be the
# suspect's own.
_CENTRES = 3
# A name that more owners have given is nobody's: `my-model`, or what a course has everybody train.
_OWNERS_OF_NAME_MAX = 3
# From this ratio of downloads on, a name is the best known owner's all the same.
_FAME_RATIO = 100
# How many labels of a group or an owner are compared with another group or owner.
_SUSPECTS_MAX = 20


class Suspicion(NamedTuple):
    """A label that may be mistaken for a better known one."""

    suspect: Label
    other: Label
    sign: Sign


class _Group(NamedTuple):
    """Labels of one type and spelling, or of one owner on one host, the best known first."""

    name: Name
    labels: list[Label]


def find_suspicions(labels: Iterable[Label]) -> list[Suspicion]:
    """Return every suspicion among some labels, the surest first; each pair once."""
    found: dict[tuple[str, str], Suspicion] = {}
    labels = list(labels)
    for suspect, other in _list_pairs(labels):
        key = (suspect.id, other.id)
        if key not in found and (sign := judge_pair(suspect, other)) is not None:
            found[key] = Suspicion(suspect, other, sign)
    return sorted(
        found.values(), key=lambda each: (-each.sign.strength, each.suspect.id, each.other.id)
    )


def _list_pairs(labels: Sequence[Label]) -> Iterator[tuple[Label, Label]]:
    """Yield the pairs to compare, the less known label first."""
    by_type: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        by_type[label.type].append(label)
    for named in by_type.values():
        groups = _gather(named, lambda each: (each.name.spelling,), lambda each: each.name)
        for group in groups:
            yield from _pair_within(group)
        for ours, theirs in _pair_groups(groups, _name_forms):
            yield from _pair_labels(ours, theirs)
        for ours, theirs in _pair_slips(groups, NAME_MIN_CHARS):
            yield from _pair_labels(ours, theirs)
    owned = [label for label in labels if label.owner is not None]
    owners = _gather(owned, _key_of_owner, lambda each: each.owner)
    for ours, theirs in _pair_groups(owners, _owner_forms):
        yield from _pair_labels(ours, theirs)
    hosts = (owner_mechanism.HUB, owner_mechanism.GITHUB)
    across = [each for each in owners if each.labels[0].host in hosts]
    for ours, theirs in _pair_slips(across, owner_mechanism.OWNER_MIN_CHARS):
        if ours.labels[0].host != theirs.labels[0].host:
            yield from _pair_labels(ours, theirs)


def _gather(
    labels: Iterable[Label],
    key: Callable[[Label], tuple[str, ...]],
    named: Callable[[Label], Name | None],
) -> list[_Group]:
    """Return groups of labels with one key, best known first, in them and among them."""
    found: dict[tuple[str, ...], list[Label]] = defaultdict(list)
    for label in labels:
        found[key(label)].append(label)
    groups = []
    for members in found.values():
        if len(members) > 1:
            members.sort(key=_rank, reverse=True)
        name = named(members[0])
        if name is not None and name.spelling:
            groups.append(_Group(name, members))
    return sorted(groups, key=lambda each: each.labels[0].rank, reverse=True)


def _rank(label: Label) -> tuple[int, int, int]:
    """Return how well known a label is."""
    return label.rank


def _key_of_owner(label: Label) -> tuple[str, ...]:
    """Return what tells an owner from others: on one host, case does not."""
    return (label.owner.text.casefold() if label.owner is not None else "", label.host)


def _name_forms(group: _Group) -> set[str]:
    """Return the forms of a name by which others find it; a mark tells the kinds apart."""
    name = group.name
    forms = {
        f"l {name.look}", f"o {name.order}", f"h {name.sound}", f"s {name.spelling}",
        f"s {name.stem}",
    }  # fmt: skip
    first = group.labels[0].owner
    return forms | ({f"s {first.spelling}{name.spelling}"} if first is not None else set())


def _owner_forms(group: _Group) -> set[str]:
    """Return the forms of an owner's name by which others find it."""
    return {f"l {group.name.look}", f"s {group.name.spelling}", f"s {group.name.stem}"}


def _pair_within(group: _Group) -> Iterator[tuple[Label, Label]]:
    """Yield the pairs of one name and different owners, unless it is everybody's."""
    first = group.labels[0]
    is_common = _is_common(group.labels)
    for label in group.labels[1:]:
        if not is_common or _poses(label, first):
            yield label, first


def _is_common(labels: Sequence[Label]) -> bool:
    """Whether a name is everybody's: many owners have it, and none is famous for it.

    Otherwise one could hide an imitation among others of one's own.
    """
    owners = {each.owner.text.casefold(): each for each in reversed(labels) if each.owner}
    if len(owners) <= _OWNERS_OF_NAME_MAX:
        return False
    best, second = sorted((each.downloads for each in owners.values()), reverse=True)[:2]
    return best < _FAME_RATIO * (second + 1)


def _poses(label: Label, first: Label) -> bool:
    """Whether a label's owner is called like the owner of the best known of the name."""
    ours, theirs = label.owner, first.owner
    return bool(ours and theirs and owner_mechanism.resemble(ours, theirs, by_letter=True))


def _pair_groups(
    groups: Sequence[_Group], forms: Callable[[_Group], set[str]]
) -> Iterator[tuple[_Group, _Group]]:
    """Yield the groups that share a form with a better known one."""
    first: dict[str, int] = {}
    buckets: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        for form in forms(group):
            known = first.setdefault(form, at)
            if known != at:
                buckets.setdefault(form, [known]).append(at)
    yield from _pair_buckets(groups, buckets.values())


def _pair_slips(groups: Sequence[_Group], min_chars: int) -> Iterator[tuple[_Group, _Group]]:
    """Yield the groups whose names are perhaps one slip from a better known one's."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        if len(group.name.spelling) >= min_chars:
            by_length[len(group.name.spelling)].append(at)
    for length in sorted(by_length.keys() | {each - 1 for each in by_length}):
        first = {groups[at].name.spelling: at for at in by_length.get(length, ())}
        buckets: dict[str, list[int]] = {}
        for at in by_length.get(length + 1, ()):
            for text in list_shortened(groups[at].name.spelling):
                known = first.setdefault(text, at)
                if known != at:
                    buckets.setdefault(text, [known]).append(at)
        yield from _pair_buckets(groups, buckets.values())


def _pair_buckets(
    groups: Sequence[_Group], buckets: Iterable[list[int]]
) -> Iterator[tuple[_Group, _Group]]:
    """Yield the pairs of each bucket with its best known groups, the less known one first."""
    for bucket in buckets:
        members = sorted(set(bucket))
        for place, at in enumerate(members):
            for centre in members[: min(place, _CENTRES)]:
                yield groups[at], groups[centre]


def _pair_labels(ours: _Group, theirs: _Group) -> Iterator[tuple[Label, Label]]:
    """Yield the labels of a group, each with the best known of another that is not its own."""
    for label in ours.labels[:_SUSPECTS_MAX]:
        other = next((each for each in theirs.labels if not label.has_owner_of(each)), None)
        if other is not None:
            yield (label, other) if label.rank <= other.rank else (other, label)
