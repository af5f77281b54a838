"""What people do in the catalogue, on the front page and with a comparison, done on many rows."""

from collections.abc import Callable
from typing import Any

import pytest

from artifacts.models import User
from artifacts.rules.paging import make_offset
from artifacts.selectors.catalogue import browsing, front, libraries, typed, word_index
from artifacts.selectors.catalogue.browsing import Wish, browse
from artifacts.selectors.catalogue.comparison import compare
from artifacts.selectors.catalogue.front import get_front

ROWS = 20_000
NUMBER = 11_012  # a model with nine children
MODEL = f"model-{NUMBER}-{1_760_000_000_000_000 + NUMBER}"
NEWEST = f"model-{ROWS}-{1_760_000_000_000_000 + ROWS}"
# The offset of a page in the middle.
HALF = make_offset(1_760_000_000_000_000 + ROWS // 2, "x")


def count_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue counts a part of the rows here, as it does of a larger registry's."""
    for module in (browsing, typed, word_index):
        monkeypatch.setattr(module, "CATALOGUE_COUNTED_MAX", 300)
    monkeypatch.setattr(front, "HOME_COUNTED_MAX", 300)
    monkeypatch.setattr(libraries, "LIBRARIES_READ_MAX", 100)


def browsed(*, lines: int = 50, **wish: Any) -> Callable[[User], object]:
    def look(_user: User) -> None:
        assert len(browse(Wish(**wish)).lines) == lines

    return look


BROWSED: dict[str, Callable[[User], object]] = {
    "browse": browsed(),
    "browse, further on": browsed(after=HALF),
    "browse back": browsed(before=HALF),
    "browse the best scores": browsed(order="score"),
    "browse by name": browsed(order="name"),
    "browse the smallest": browsed(order="smallest"),
    "browse the largest of a type": browsed(order="largest", chosen={"type": "code"}),
    "browse what somebody registered": browsed(chosen={"by": "bench"}),
    "browse what nobody registered": browsed(chosen={"by": "nobody"}, lines=0),
    "browse a license that most have": browsed(chosen={"license": "permissive"}),
    "browse a license of which none is": browsed(chosen={"license": "unknown"}, lines=0),
    "browse what passed": browsed(chosen={"gate": "passed", "score": "good"}),
    "browse what failed": browsed(chosen={"gate": "failed"}, lines=0),
    "browse what is not there": browsed(chosen={"content": "failed", "type": "model"}, lines=0),
    "browse huge ones": browsed(chosen={"size": "huge"}, lines=0),
    "browse a word of a name": browsed(typed="thing-700", lines=22),
    "browse a word of READMEs": browsed(typed="zebra77", lines=40),
    "browse a word of all READMEs": browsed(typed="model or data set", lines=0),
    "browse a URL": browsed(typed=f"https://huggingface.co/bench/thing-{NUMBER}", lines=1),
    "browse owner and name": browsed(typed=f"bench/thing-{NUMBER}", lines=1),
    "browse a name that is not there": browsed(typed="thng-7000", lines=0),
    "browse a version": browsed(version="1.7.3", lines=14),
    "front page": lambda _: get_front(),
    "compare": lambda _: compare([MODEL, NEWEST]),
}
# See `test_plans.WHOLE`.
BROWSED_WHOLE = {
    # What holds the state of a content beside it is no index that begins with the state: all of it
    # is read, or the table where its rows are as short as here.
    "browse what is not there": ('"artifacts_revision"."content_state" = %s',),
    # Every name is compared that shares runs of letters with the one that is not there; here all.
    "browse a name that is not there": ("SELECT name FROM artifacts_searchdocument WHERE name %",),
}
