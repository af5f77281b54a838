"""What clients of the Hub look for, done on many rows."""

from collections.abc import Callable
from typing import Any

import pytest

from artifacts.enums import ArtifactType
from artifacts.exceptions import RepositoryMoved, RepositoryNotFound
from artifacts.models import User
from artifacts.selectors.hub import narrowing, orders, search
from artifacts.selectors.hub.infos import count_downloads
from artifacts.selectors.hub.orders import Order, Wish
from artifacts.selectors.hub.refs import list_refs
from artifacts.selectors.hub.repositories import find_repository
from artifacts.selectors.hub.revisions import find_named
from artifacts.selectors.hub.search import list_repositories
from artifacts.selectors.hub.tag_types import list_tag_types
from tests.performance.browsing import HALF, MODEL, NUMBER

_KIND = ArtifactType.MODEL
_ID = f"bench/thing-{NUMBER}"


def count_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page examines a part of the rows here, as it does of a larger registry's."""
    for module in (narrowing, orders, search):
        monkeypatch.setattr(module, "REPOSITORIES_SEARCHED_MAX", 300)
    monkeypatch.setattr(search, "REPOSITORIES_PAGE_SIZE", 100)


def looked_for(count: int, **wish: Any) -> Callable[[User], object]:
    def look(_user: User) -> None:
        assert len(list_repositories(_KIND, Wish(**wish)).rows) == count

    return look


def follow(name: str, error: type[Exception]) -> Callable[[User], object]:
    def ask(_user: User) -> None:
        with pytest.raises(error):
            find_repository(_KIND, name)

    return ask


LOOKED_FOR: dict[str, Callable[[User], object]] = {
    "hub list": looked_for(100),
    "hub list, further on": looked_for(100, offset=HALF),
    "hub list, oldest first": looked_for(100, is_ascending=True),
    "hub list of what changed": looked_for(100, order=Order.CHANGED),
    "hub list of what was fetched most": looked_for(100, order=Order.DOWNLOADS),
    "hub list of a word by downloads": looked_for(8, words=("thing-700",), order=Order.DOWNLOADS),
    "hub list of an author who has all": looked_for(100, author="bench"),
    "hub list of an author, further on": looked_for(100, author="bench", offset=HALF),
    "hub list of nobody": looked_for(0, author="nobody"),
    "hub list of a user": looked_for(0, author="registry.bench"),
    "hub list of a word": looked_for(8, words=("thing-700",)),
    "hub list of a word that all have": looked_for(100, words=("thing",)),
    "hub list of a word in the order of changes": looked_for(
        8, words=("thing-700",), order=Order.CHANGED
    ),
    "hub list of a word too short for the index": looked_for(0, words=("-1", "70")),
    "hub list of a license that all have": looked_for(100, tags=("license:mit",)),
    "hub list of a license that none has": looked_for(0, tags=("license:gpl-3.0",)),
    "hub list of what passed": looked_for(100, tags=("registry:gate-passed",)),
    "hub list of what failed": looked_for(0, tags=("registry:gate-failed",)),
    "hub list of a task": looked_for(0, tags=("fill-mask",)),
    "hub list of what is kept back": looked_for(0, is_gated=True),
    "hub tags": lambda _: list_tag_types(_KIND),
    "hub downloads": lambda _: count_downloads([MODEL, "model-9-9"]),
    "hub refs": lambda _: list_refs(find_repository(_KIND, _ID)),
    "hub revision": lambda _: find_named(find_repository(_KIND, _ID, ("r1",)), "r1"),
    "hub name that is an artifact's id": follow(MODEL, RepositoryMoved),
    "hub name of one": follow("thing-7001", RepositoryMoved),
    "hub name of none": follow("thng-7001", RepositoryNotFound),
    "hub id that was renamed": follow("bunch/thing-7001", RepositoryNotFound),
}
