"""YAML from strangers as data: the other half of `documents`, separate because it loads PyYAML.

Source: YAML 1.1 as PyYAML's safe loader reads it. It is read event by event, with libyaml as the
scanner, so that depth and number are known before anything is built.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs forget it
from yaml.resolver import Resolver

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import DATA_DEPTH_MAX, NUMBER_MAX_CHARS, YAML_NODES_MAX
from artifacts.rules.budget import Budget, judging
from artifacts.rules.documents import fitting

_MERGE = "tag:yaml.org,2002:merge"
# The tag of text, which is not converted, however long it is.
_TEXT = "tag:yaml.org,2002:str"
# What PyYAML's constructors raise for scalars that are not of the type that they state:
# `!!int ""`, `!!timestamp x`, `!!bool 1`, a day of the year 0 in another time zone.
_BROKEN = (
    yaml.YAMLError, ValueError, ArithmeticError, LookupError, AttributeError, TypeError,
    RecursionError,
)  # fmt: skip


def read_yaml(text: str, what: str) -> dict[str, Any]:
    """Return a YAML mapping as JSON data; {} for an empty document.

    References are refused: ten lines of them can stand for gigabytes ("billion laughs").

    Args:
        what: the beginning of a sentence, as in "The front matter".

    Raises:
        Unreadable: it is broken, not a mapping, holds references, or has a duplicate key.
        TooMuchToRead: it has too many entries, or is nested too deeply.
    """
    data = _load(text, what)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Unreadable(f"{what} cannot be read: it is no mapping.")
    return fitting(data, what)


def read_yaml_list(text: str, what: str) -> list[Any]:
    """Return a YAML list as JSON data, within the bounds of `read_yaml`; [] for an empty document.

    Raises:
        Unreadable, TooMuchToRead: as `read_yaml` does; a mapping is no list.
    """
    data = _load(text, what)
    if data is None:
        return []
    if not isinstance(data, list):
        raise Unreadable(f"{what} cannot be read: it is no list.")
    kept: list[Any] = fitting({"entries": data}, what)["entries"]
    return kept


def _load(text: str, what: str) -> Any:
    """Return what a YAML document holds."""
    with judging() as budget:
        try:
            loader = _Loader(text, what, budget)
            try:
                return loader.get_single_data()
            finally:
                loader.dispose()
        except Unreadable:
            raise
        except _BROKEN as error:
            raise Unreadable(f"{what} cannot be read: it is no valid YAML.") from error


class _Loader(Composer, SafeConstructor, Resolver, CParser):
    """PyYAML's safe loader with bounds: events from libyaml, nodes and data built in Python."""

    def __init__(self, text: str, what: str, budget: Budget) -> None:
        """Begin to read."""
        CParser.__init__(self, text)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)
        self._what, self._budget = what, budget
        self._depth = self._nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Read one node, within the bounds."""
        if self.check_event(yaml.AliasEvent):
            raise Unreadable(f"{self._what} cannot be read: it has references (`*name`).")
        self._nodes += 1
        if self._nodes > YAML_NODES_MAX:
            raise TooMuchToRead(self._what, f"it has over {YAML_NODES_MAX:,} entries")
        self._budget.spend(self._what)
        self._depth += 1
        if self._depth > DATA_DEPTH_MAX:
            raise TooMuchToRead(self._what, f"it is nested over {DATA_DEPTH_MAX} levels deep")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        """Read a scalar; one too long for a number or a date is text."""
        node = super().compose_scalar_node(anchor)
        if node.tag != _TEXT and len(node.value) > NUMBER_MAX_CHARS:
            node.tag = _TEXT
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  (the library's)
        """Return a mapping with unique keys; its own take precedence over merged ones (`<<`)."""
        self._budget.spend(self._what)
        own = [key for key, _ in node.value if key.tag != _MERGE]
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        # Compared by meaning: `1`, `0x1` and `"1"` are the same key in JSON.
        if len({str(self.construct_object(key, deep=True)) for key in own}) < len(own):
            raise Unreadable(f"{self._what} cannot be read: a key stands in it twice.")
        return found
