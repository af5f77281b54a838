"""Files and folders of a tree as the Hub's clients read them.

Clients ask for a tree before each snapshot, and one of its pages has a thousand entries. A
dictionary for each and Django's encoder would take twice as long as writing their JSON here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from django.http import HttpResponse

from artifacts.rules.hub.pointers import UNKNOWN_OID
from artifacts.selectors.hub.trees import Entry, Folder

_JSON = "application/json"
_NOTHING: Mapping[str, Any] = {}


def answer_entries(
    entries: Iterable[Entry], *, about: Mapping[str, Mapping[str, Any]] = _NOTHING
) -> HttpResponse:
    """Answer with files and folders.

    Args:
        about: path -> what else is told of it, by name; none may be one that each entry has.
    """
    written = [_write(each, about.get(each.path, _NOTHING)) for each in entries]
    return HttpResponse(f"[{', '.join(written)}]", content_type=_JSON)


def _write(entry: Entry, more: Mapping[str, Any]) -> str:
    """Return a file or a folder as JSON. Digests have nothing but hexadecimal digits."""
    path = quoted(entry.path)
    if isinstance(entry, Folder):
        written = f'"type": "directory", "oid": "{UNKNOWN_OID}", "size": 0, "path": {path}'
    else:
        size, (oid, sha256, pointer_bytes) = entry.size_bytes, entry.names
        written = f'"type": "file", "oid": "{oid}", "size": {size}, "path": {path}'
        if sha256 is not None:
            written += (
                f', "lfs": {{"oid": "{sha256}", "size": {size}, "pointerSize": {pointer_bytes}}}'
            )
    for name, value in more.items():
        written += f", {quoted(name)}: {json.dumps(value)}"
    return f"{{{written}}}"
