"""Finds all labels that may be mistaken for others, in time that grows with their number.

Labels of one spelling are one group. Groups that share a form, or a shortened spelling, come into
one bucket, in which each is compared with the best known few; so a bucket of thousands costs
thousands of comparisons and not millions. Forms of one kind, and shortened spellings of one length,
are made at a time, which keeps few of them in memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from artifacts.rules.confusion.catalogue import judge_pair
from artifacts.rules.confusion.edits import list_shortened
from artifacts.rules.confusion.labels import Label
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


# Labels of one type and spelling, or of one owner on one host, the best known first.
_Group = list[Label]


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
        groups = _gather(named, _spell_name)
        for group in groups:
            yield from _pair_within(group)
        for ours, theirs in chain(
            _pair_groups(groups, _list_name_spellings),
            _pair_groups(groups, lambda label: (label.name.look,)),
            _pair_groups(groups, lambda label: (label.name.order,)),
            _pair_groups(groups, lambda label: (label.name.sound,)),
            _pair_slips(groups, _spell_name, NAME_MIN_CHARS),
        ):
            yield from _pair_labels(ours, theirs)
    owners = _gather((label for label in labels if label.owner), _read_owner_key)
    for ours, theirs in chain(
        _pair_groups(owners, _list_owner_spellings), _pair_groups(owners, _list_owner_looks)
    ):
        yield from _pair_labels(ours, theirs)
    hosts = (owner_mechanism.HUB, owner_mechanism.GITHUB)
    across = [group for group in owners if group[0].host in hosts]
    for ours, theirs in _pair_slips(across, _spell_owner, owner_mechanism.OWNER_MIN_CHARS):
        if ours[0].host != theirs[0].host:
            yield from _pair_labels(ours, theirs)


def _gather(labels: Iterable[Label], key: Callable[[Label], Hashable]) -> list[_Group]:
    """Return groups of labels with one key, the best known first in each."""
    found: dict[Hashable, _Group] = defaultdict(list)
    for label in labels:
        found[key(label)].append(label)
    for group in found.values():
        if len(group) > 1:
            group.sort(key=_read_rank, reverse=True)
    return list(found.values())


def _read_rank(label: Label) -> tuple[int, int, int]:
    """Return how well known a label is."""
    return label.rank


def _spell_name(label: Label) -> str:
    """Return the spelling of a label's name."""
    return label.name.spelling


def _spell_owner(label: Label) -> str:
    """Return the spelling of a label's owner, "" without one."""
    return label.owner.spelling if label.owner is not None else ""


def _read_owner_key(label: Label) -> tuple[str, str]:
    """Return what tells an owner from others: on one host, case does not."""
    return (label.owner.text.casefold() if label.owner is not None else "", label.host)


def _list_name_spellings(label: Label) -> list[str]:
    """Return the spellings of a name: as it is, without claims to be real, behind its owner's."""
    name = label.name
    spellings = [name.spelling, name.stem]
    return spellings if label.owner is None else [*spellings, _spell_owner(label) + name.spelling]


def _list_owner_spellings(label: Label) -> list[str]:
    """Return the spellings of an owner: as it is, and without claims to be real."""
    return [label.owner.spelling, label.owner.stem] if label.owner is not None else []


def _list_owner_looks(label: Label) -> list[str]:
    """Return how an owner's name looks."""
    return [label.owner.look] if label.owner is not None else []


def _pair_within(group: _Group) -> Iterator[tuple[Label, Label]]:
    """Yield the pairs of one name and different owners, unless it is everybody's."""
    first, *others = group
    if others:
        is_common = _is_common(group)
        yield from ((each, first) for each in others if not is_common or _poses(each, first))


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
    groups: Sequence[_Group], forms: Callable[[Label], Iterable[str]]
) -> Iterator[tuple[_Group, _Group]]:
    """Yield the groups that share a form with a better known one."""
    entries = ((forms(group[0]), at) for at, group in enumerate(groups))
    yield from _pair_buckets(groups, _list_shared(entries, {}))


def _pair_slips(
    groups: Sequence[_Group], spell: Callable[[Label], str], min_chars: int
) -> Iterator[tuple[_Group, _Group]]:
    """Yield the groups whose names are perhaps one slip from a better known one's."""
    by_length: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for at, group in enumerate(groups):
        if len(text := spell(group[0])) >= min_chars:
            by_length[len(text)].append((text, at))
    for length, longer in by_length.items():
        whole = by_length.get(length - 1, [])
        yield from _pair_buckets(groups, _list_slips(whole, longer, (length - 1) // 2))


def _list_slips(
    whole: Sequence[tuple[str, int]], longer: Sequence[tuple[str, int]], middle: int
) -> Iterable[list[int]]:
    """Return the places of texts that are equal when the longer ones have lost a letter each.

    A slip leaves one half of a text as it is, so letters are taken out of those halves only that
    stand beside a half which another text has as well.

    Args:
        whole: texts of one length, with their places.
        longer: texts of one letter more.
        middle: where the first half of a text ends.
    """
    heads = Counter(text[:middle] for text, _ in longer)
    tails = Counter(text[middle + 1 :] for text, _ in longer)
    first: dict[str, int] = {}
    for text, at in whole:
        head, tail = text[:middle], text[middle:]
        if head in heads or tail in tails:
            first[text] = at
            heads[head] += 1
            tails[tail] += 1

    def shorten() -> Iterator[tuple[Iterable[str], int]]:
        for text, at in longer:
            begin = 0 if tails[text[middle + 1 :]] > 1 else middle
            end = len(text) if heads[text[:middle]] > 1 else middle + 1
            if end - begin > 1:
                yield list_shortened(text, begin, end), at

    return _list_shared(shorten(), first)


def _list_shared(
    entries: Iterable[tuple[Iterable[str], int]], first: dict[str, int]
) -> Iterable[list[int]]:
    """Return the places of each text that stands at several; empty ones do not count.

    Args:
        entries: the texts of each place.
        first: texts that were met already, with their first places; the others are added.
    """
    shared: dict[str, list[int]] = {}
    for texts, at in entries:
        for text in texts:
            known = first.setdefault(text, at)
            if known != at and text:
                shared.setdefault(text, [known]).append(at)
    return shared.values()


def _pair_buckets(
    groups: Sequence[_Group], buckets: Iterable[list[int]]
) -> Iterator[tuple[_Group, _Group]]:
    """Yield the pairs of each bucket with its best known groups, the less known one first."""
    for bucket in buckets:
        members = [groups[at] for at in dict.fromkeys(bucket)]
        members.sort(key=lambda group: group[0].rank, reverse=True)
        for place, group in enumerate(members):
            for centre in members[: min(place, _CENTRES)]:
                yield group, centre


def _pair_labels(ours: _Group, theirs: _Group) -> Iterator[tuple[Label, Label]]:
    """Yield the labels of a group, each with the best known of another that is not its own."""
    for label in ours[:_SUSPECTS_MAX]:
        other = next((each for each in theirs if not label.has_owner_of(each)), None)
        if other is not None:
            yield (label, other) if label.rank <= other.rank else (other, label)
