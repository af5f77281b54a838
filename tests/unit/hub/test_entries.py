"""Trees written as JSON by hand: what comes out is what an encoder would have written."""

import json

import pytest

from artifacts.hub.entries import answer_entries
from artifacts.rules.digest import Sha256
from artifacts.rules.hub.pointers import UNKNOWN_OID, Names
from artifacts.selectors.hub.trees import Entry, Folder, Leaf

OID, SHA256 = "ab" * 20, Sha256("cd" * 32)
PATHS = [
    "a.txt",
    'quo"te', "back\\slash", "new\nline", "\x01\x1f\x7f", 'brace}{, "size": 0',
    "é\u2028\U0001f916", "\ud800", "%s {0}", "",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=ascii)
def test_entries_when_written_then_what_an_encoder_writes(path):
    small, large = Names(OID), Names(OID, SHA256, 134)
    entries: list[Entry] = [
        Leaf(path, 12, small, None),
        Leaf(path, 2**62, large, SHA256),
        Folder(path),
    ]
    encoded = [
        {"type": "file", "oid": OID, "size": 12, "path": path},
        {"type": "file", "oid": OID, "size": 2**62, "path": path,
         "lfs": {"oid": SHA256, "size": 2**62, "pointerSize": 134}},
        {"type": "directory", "oid": UNKNOWN_OID, "size": 0, "path": path},
    ]  # fmt: skip
    answer = answer_entries(entries)
    assert answer.content.decode() == json.dumps(encoded)
    assert answer["Content-Type"] == "application/json"


def test_entries_when_more_is_told_then_of_those_paths_alone():
    more = {"lastCommit": {"id": OID, "title": 'The "first"'}, "securityFileStatus": None}
    entries = [Leaf(path, 1, Names(OID), None) for path in ("a", "b")]
    first, second = json.loads(answer_entries(entries, about={"b": more}).content)
    assert first == {"type": "file", "oid": OID, "size": 1, "path": "a"}
    assert second == {"type": "file", "oid": OID, "size": 1, "path": "b"} | more


def test_entries_when_there_are_none_then_an_empty_list():
    assert answer_entries([]).content == b"[]"
