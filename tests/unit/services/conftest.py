"""A source that can be told what to say, in the place of the real ones."""

import hashlib

import pytest

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import SourceUnavailable
from artifacts.rules.rating.evidence import CodeFacts, CommitFacts
from artifacts.services.trust import base_size, code_search, dataset_search, evidence
from artifacts.sources import catalogue
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.huggingface.client import hub
from tests.fakes.source import FakeSource

URL = "https://huggingface.co/acme/robot"
CONTENTS = {
    "README.md": b"# robot\n\nServes tea.\n",
    "config.json": b'{"_name_or_path": "acme/robot"}',
    "weights.bin": b"\x01\x02\x03" * 100,
}
PARTS = {"README.md": Part.CARD, "config.json": Part.CONFIG, "weights.bin": Part.WEIGHTS}


def make_reference(url: str = URL) -> SourceReference:
    repository = url.removeprefix("https://huggingface.co/")
    name = repository.rpartition("/")[2]
    return SourceReference(SourceKind.HUGGINGFACE_MODEL, repository, name, url)


def make_snapshot(reference: SourceReference, contents=CONTENTS, **changes) -> Snapshot:
    files = tuple(
        SourceFile(
            path=path,
            size_bytes=len(data),
            digest=f"sha256:{hashlib.sha256(data).hexdigest()}",
            part=PARTS.get(path, Part.CODE),
        )
        for path, data in contents.items()
    )
    values = {
        "readme": "# robot\n\nServes tea.\n", "license": "mit", "facts": {"downloads": 7},
        "commit": "c0ffee",
    } | changes  # fmt: skip
    return Snapshot(reference=reference, files=files, **values)


class OnlySource(FakeSource):
    """Knows each address of the Hub, and stands in for sources of every kind."""

    kinds = tuple(SourceKind)

    def parse(self, url: str) -> SourceReference | None:
        return make_reference(url) if url.startswith("https://huggingface.co/") else None


@pytest.fixture
def source(monkeypatch) -> FakeSource:
    """The one source there is; it has a snapshot and contents for `URL` and others like it."""
    fake = OnlySource(make_snapshot(make_reference()), CONTENTS)
    monkeypatch.setattr(catalogue, "SOURCES", (fake,))
    return fake


class Outside:
    """What the sources say beyond a snapshot; each may be an error instead."""

    def __init__(self):
        self.commits: object = CommitFacts({"ada": 5, "bob": 5})
        self.code: object = SourceUnavailable("GitHub sleeps.")
        self.dataset: object = SourceUnavailable("The Hub sleeps.")
        self.dataset_card: object = SourceUnavailable("The Hub sleeps.")
        self.croissant: object = SourceUnavailable("The Hub sleeps.")
        self.card: object = ""
        self.tree: object = SourceUnavailable("The Hub sleeps.")
        self.texts: object = {}
        self.asked: list[str] = []

    def answer(self, name: str):
        def give(*arguments, **named):
            self.asked.append(name)
            if name == "card":
                arguments[-1].note_answer(hub().base_url)
            found = getattr(self, name)
            found = found(*arguments, **named) if callable(found) else found
            if isinstance(found, Exception):
                raise found
            return found

        return give


@pytest.fixture(autouse=True)
def outside(monkeypatch) -> Outside:
    """The evidence that a rating asks for."""
    said = Outside()
    for room, function, name in (
        (evidence, "fetch_commits", "commits"),
        (evidence, "fetch_code_facts", "code"),
        (base_size, "list_tree", "tree"),
        (code_search, "fetch_card", "card"),
        (code_search, "fetch_texts", "texts"),
        (dataset_search, "fetch_dataset", "dataset"),
        (dataset_search, "add_card", "dataset_card"),
        (dataset_search, "add_croissant", "croissant"),
    ):
        monkeypatch.setattr(room, function, said.answer(name))
    return said


def code_facts(**changes) -> CodeFacts:
    values = {
        "repository": "acme/tea", "url": "https://github.com/acme/tea", "found_by": "readme",
        "contributors": (5, 5), "files": (), "license": "MIT",
    }  # fmt: skip
    return CodeFacts(**(values | changes))


@pytest.fixture
def tasks_wait(settings):
    settings.REGISTRY_TASKS = "worker"


@pytest.fixture
def before(monkeypatch):
    """Has something happen just before, or after, a function is called for the first time."""

    def put(module, name, happen, *, after=False):
        real = getattr(module, name)

        def called(*given, **named):
            monkeypatch.setattr(module, name, real)
            if not after:
                happen()
            result = real(*given, **named)
            if after:
                happen()
            return result

        monkeypatch.setattr(module, name, called)

    return put
