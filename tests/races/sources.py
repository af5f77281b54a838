"""The Hub as it answers in a race."""

from __future__ import annotations

import hashlib

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import SourceUnavailable
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.commits import CommitSource
from artifacts.sources.uploads import UploadSource
from tests.unit.rules.scanning.pickling import calling

HUB = "https://huggingface.co/"
# Whose weights a scan finds suspicious, and whose dangerous; the first one's name resembles robot.
SUSPICIOUS, DANGEROUS, DANGEROUS_TOO = "bolt/robott", "evil/weights", "evil/more-weights"
UNKNOWN_GLOBAL = "acme.models.Model"
_PICKLES = {
    SUSPICIOUS: calling("acme.models", "Model"),
    DANGEROUS: calling("os", "system"),
    DANGEROUS_TOO: calling("posix", "system"),
}


class AnyHub:
    """Every repository of the Hub: a model made from acme/mother. Some do not answer."""

    kinds = (SourceKind.HUGGINGFACE_MODEL,)

    def parse(self, url: str) -> SourceReference:
        repository = url.removeprefix(HUB)
        name = repository.rpartition("/")[2]
        return SourceReference(SourceKind.HUGGINGFACE_MODEL, repository, name, url)

    def fetch_snapshot(self, reference: SourceReference, _inquiry: object) -> Snapshot:
        if "silent" in reference.repository:
            raise SourceUnavailable("The Hub does not answer.")
        contents = _contents(reference.repository)
        is_mother = reference.repository == "acme/mother"
        return Snapshot(
            reference,
            commit="c0ffee",
            files=tuple(
                SourceFile(path, len(data), _digest(data), part)
                for path, (part, data) in contents.items()
            ),
            readme=contents["README.md"][1].decode(),
            license="mit",
            card={} if is_mother else {"base_model": "acme/mother"},
        )

    def fetch_contents(self, reference: SourceReference, _commit: str, files):
        contents = _contents(reference.repository)
        for file in files:
            yield file, iter([contents[file.path][1]])


# In the place of those of `sources.catalogue`.
SOURCES = (UploadSource(), CommitSource(), AnyHub())


def _contents(repository: str) -> dict[str, tuple[Part, bytes]]:
    contents = {"README.md": (Part.CARD, f"# {repository}\n".encode())}
    if repository in _PICKLES:
        contents["weights.pkl"] = (Part.WEIGHTS, _PICKLES[repository])
    return contents


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
