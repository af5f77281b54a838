"""The one rule for paths from strangers: zip members and source listings alike."""

import unicodedata
from itertools import pairwise

from artifacts.exceptions import ArchiveRefused
from artifacts.limits import INDEXED_TEXT_MAX_BYTES, PATH_MAX_CHARS
from artifacts.rules.budget import judging
from artifacts.rules.letters import fault_of_letters
from artifacts.rules.text import is_indexable

# ext4, APFS and NTFS keep at most 255 bytes or characters in one name.
SEGMENT_MAX_BYTES = 255
_WHAT = "The list of files"


def check_member_path(path: str) -> str:
    """Return a path that is safe to join to any folder, exactly as it came.

    Raises:
        ArchiveRefused: it would leave the folder it is put into (`..`, absolute, drive letter,
            backslash: "zip slip"), or holds what file systems and log lines cannot keep.
    """
    reason = _fault(path)
    if reason:
        raise ArchiveRefused(f"The path {path[:100]!r} {reason}. Rename the file.")
    return path


def find_clash(paths: list[str]) -> str | None:
    """Return a path that cannot stand beside another, or None.

    Two files whose names differ only in case or Unicode form overwrite each other on many file
    systems, and a file cannot have the name of a folder.

    Raises:
        TooMuchToRead: marks in a row cost the square of their number, and many names have many.
    """
    # With the separator below every letter, what is inside a folder follows right behind it.
    # Keeping every folder of every path would take gigabytes for paths of 500 folders.
    with judging() as budget:
        keyed = [(folded(path).replace("/", "\0"), path) for path in budget.each(paths, _WHAT)]
    keyed.sort()
    for (key, path), (following, _) in pairwise(keyed):
        if following == key or following.startswith(key + "\0"):
            return path
    return None


def folded(path: str) -> str:
    """Return what file systems that ignore case and Unicode form compare."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _fault(path: str) -> str:
    """Say what is wrong with a path; "" for nothing."""
    if not path:
        return "is empty"
    if not is_indexable(path, PATH_MAX_CHARS):
        return f"has over {PATH_MAX_CHARS} characters, or over {INDEXED_TEXT_MAX_BYTES:,} bytes"
    if path.startswith("/") or path[1:2] == ":":
        return "is absolute"
    if "\\" in path:
        return "holds a backslash, which is a separator on Windows"
    if fault := fault_of_letters(path):
        return fault
    segments = path.split("/")
    if any(segment in ("", ".", "..") for segment in segments):
        return "holds an empty, '.' or '..' segment"
    if any(len(segment.encode()) > SEGMENT_MAX_BYTES for segment in segments):
        return f"has a segment of over {SEGMENT_MAX_BYTES} bytes"
    return ""
