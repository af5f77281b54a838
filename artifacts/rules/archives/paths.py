"""The one rule for paths from strangers: zip members and source listings alike.

A path that cannot be kept is either refused (`check_member_path`) or kept under another name
(`escape_path`). Nobody can rename a file in somebody else's repository, so listings do the latter.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from artifacts.exceptions import ArchiveRefused
from artifacts.limits import INDEXED_TEXT_MAX_BYTES, PATH_MAX_CHARS
from artifacts.rules.budget import judging
from artifacts.rules.letters import find_letter_fault, is_plain
from artifacts.rules.patterns import Pattern
from artifacts.rules.text import is_indexable

# ext4, APFS and NTFS allow at most 255 bytes or characters in one name.
SEGMENT_MAX_BYTES = 255
_WHAT = "The list of files"
# Escapes: `[U+000D]` stands for one letter, `[U+]` for none, `[~DIGEST]` for what was cut. Percent
# signs would be taken for the escapes of URLs, and `%2E%2E` decoded once too often is `..`.
_ESCAPE = Pattern(r"(?i)\[(U\+[0-9a-f]*|~[0-9a-f]+)\]")
_NOTHING = "[U+]"
# Half of a SHA-256: no two names are found that share it.
_DIGEST_CHARS = 32
# How much of the end of a cut name is kept, for its extension.
_ENDING_MAX_BYTES = 40


def check_member_path(path: str) -> str:
    """Return the path unchanged if it is safe to join to any folder.

    Raises:
        ArchiveRefused: it would leave that folder (`..`, absolute, drive letter, backslash: "zip
            slip"), or holds what file systems and log lines cannot store.
    """
    reason = _fault(path)
    if reason:
        raise ArchiveRefused(f"The path {path[:100]!r} {reason}. Rename the file.")
    return path


def escape_path(path: str) -> str:
    """Return a path that is safe to join to any folder: the same one if it is safe already.

    Two paths never become one: what looks like an escape is escaped itself, and what is cut leaves
    a digest. A safe path without escapes comes back unchanged.
    """
    if not _fault(path) and not _ESCAPE.search(path):
        return path
    escaped = "/".join(map(_escaped_segment, path.split("/")))
    if _has_drive(escaped):
        escaped = escaped[0] + _escape(":") + escaped[2:]
    if not is_indexable(escaped, PATH_MAX_CHARS):
        escaped = f"{_digest_mark(path)}/{escaped.rpartition('/')[2]}"
    return escaped


def mark_apart(path: str) -> str:
    """Return a safe path that no other file has, for one that clashes (see `find_clashes`)."""
    folder, slash, name = path.rpartition("/")
    marked = folder + slash + _cut(name, _digest_mark(path))
    if is_indexable(marked, PATH_MAX_CHARS):
        return marked
    return f"{_digest_mark(path)}/{name}"


def find_clashes(paths: Sequence[str]) -> list[str]:
    """Return the paths that must give way so that no two of them clash (see `find_clash`).

    Of names that differ only in case or Unicode form, the first keeps its name (`README.md` before
    `readme.md`); of a file and a folder, the folder does.

    Raises:
        TooMuchToRead: many names hold long runs of marks, which take quadratic time.
    """
    groups = [
        (key, [path for _, path in group])
        for key, group in groupby(_keyed(paths), key=itemgetter(0))
    ]
    found: list[str] = []
    for (key, same), (following, _) in pairwise([*groups, ("", [])]):
        found += same if following.startswith(key + "\0") else same[1:]
    return found


def find_clash(paths: list[str]) -> str | None:
    """Return a path that clashes with another, or None.

    Two files whose names differ only in case or Unicode form overwrite each other on many file
    systems, and a file cannot have the name of a folder.

    Raises:
        TooMuchToRead: many names hold long runs of marks, which take quadratic time.
    """
    for (key, path), (following, _) in pairwise(_keyed(paths)):
        if following == key or following.startswith(key + "\0"):
            return path
    return None


def folded(path: str) -> str:
    """Return the form that file systems compare that ignore case and Unicode form."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _keyed(paths: Sequence[str]) -> list[tuple[str, str]]:
    """Return paths with what they are compared by, in its order.

    With the separator sorted below every letter, a folder's content comes right after it. Keeping
    every folder of every path would take gigabytes for paths of 500 folders.
    """
    with judging() as budget:
        keyed = [(folded(path).replace("/", "\0"), path) for path in budget.each(paths, _WHAT)]
    return sorted(keyed)


def _escaped_segment(segment: str) -> str:
    """Return a safe name for one part of a path."""
    if not segment:
        return _NOTHING
    if segment in (".", ".."):
        return _escape(".") * len(segment)
    # The bracket of what looks like an escape, and each letter that no name may hold. Whether a
    # joiner or a selector is at fault depends on its neighbours, which change: all are escaped.
    brackets = {found.start() for found in _ESCAPE.finditer(segment)}
    is_faulty = bool(find_letter_fault(segment))
    escaped = "".join(
        _escape(letter)
        if place in brackets or letter == "\\" or (is_faulty and not is_plain(letter))
        else letter
        for place, letter in enumerate(segment)
    )
    too_long = len(escaped.encode()) > SEGMENT_MAX_BYTES
    return _cut(escaped, _digest_mark(segment)) if too_long else escaped


def _escape(letter: str) -> str:
    """Return the escape of one letter."""
    return f"[U+{ord(letter):04X}]"


def _digest_mark(text: str) -> str:
    """Return the mark that stands for the text that was cut."""
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return f"[~{digest[:_DIGEST_CHARS]}]"


def _cut(name: str, mark: str) -> str:
    """Return a name with a mark before its ending, cut so that it fits into a segment."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _ENDING_MAX_BYTES:
        stem, dot, ending = name, "", ""
    left = SEGMENT_MAX_BYTES - len(f"{mark}{dot}{ending}".encode())
    if len(stem.encode()) > left:
        # A joiner must not lose what it joins.
        plain = "".join(filter(is_plain, stem))
        stem = plain.encode()[:left].decode(errors="ignore")
    return f"{stem}{mark}{dot}{ending}"


def _has_drive(path: str) -> bool:
    """Whether Windows takes the beginning of a path for the name of a drive."""
    return path[1:2] == ":"


def _fault(path: str) -> str:
    """Say what is wrong with a path; "" for nothing."""
    if not path:
        return "is empty"
    if not is_indexable(path, PATH_MAX_CHARS):
        return f"has over {PATH_MAX_CHARS} characters, or over {INDEXED_TEXT_MAX_BYTES:,} bytes"
    if path.startswith("/"):
        return "is absolute"
    if _has_drive(path):
        return "begins like a drive of Windows"
    if "\\" in path:
        return "holds a backslash, which is a separator on Windows"
    if fault := find_letter_fault(path):
        return fault
    return _segment_fault(path.split("/"))


def _segment_fault(segments: Sequence[str]) -> str:
    """Say what is wrong with a part of a path; "" for nothing."""
    if any(segment in ("", ".", "..") for segment in segments):
        return "holds an empty, '.' or '..' segment"
    if any(len(segment.encode()) > SEGMENT_MAX_BYTES for segment in segments):
        return f"has a segment of over {SEGMENT_MAX_BYTES} bytes"
    return ""
