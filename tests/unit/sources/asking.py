"""What tests of the sources do again and again."""

import hashlib

from artifacts.sources.catalogue import find_source

COMMIT = "c0ffee" * 6 + "c0ff"
HUB, GIT = "https://huggingface.co/", "https://github.com/"


def git_sha(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def snapshot(url: str, inquiry):
    source, reference = find_source(url)
    return source, source.fetch_snapshot(reference, inquiry)


def contents(source, found) -> dict[str, bytes]:
    fetched = source.fetch_contents(found.reference, found.commit, found.files)
    return {file.path: b"".join(chunks) for file, chunks in fetched}
