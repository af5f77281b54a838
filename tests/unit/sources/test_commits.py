import hashlib

import pytest

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import InvalidUrl, SourceRefused
from artifacts.rules.digest import Sha256
from artifacts.sources.base import SourceFile
from artifacts.sources.commits import CommitSource, refer_to
from artifacts.sources.inquiry import Inquiry
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store

REFERENCE = refer_to("registry.Ursula/Robot", "Robot")


def test_reference_when_of_a_repository_then_its_case_does_not_count():
    assert REFERENCE.kind == SourceKind.COMMIT
    assert REFERENCE.key == "commit:registry.ursula/robot"
    assert REFERENCE.url == "commit://registry.Ursula/Robot"


def test_parse_when_a_repository_is_named_then_refused_and_others_left_alone():
    with pytest.raises(InvalidUrl, match="hf upload"):
        CommitSource().parse(REFERENCE.url)
    assert CommitSource().parse("https://huggingface.co/acme/robot") is None


def test_source_when_asked_again_then_it_has_what_the_bucket_has(bucket):
    with pytest.raises(SourceRefused):
        CommitSource().fetch_snapshot(REFERENCE, Inquiry(1))
    sha256 = Sha256(hashlib.sha256(b"bytes").hexdigest())
    get_store().create(blob_key(sha256), b"bytes", "")
    here = SourceFile("here", 5, f"sha256:{sha256}", Part.CARD, start=2)
    gone = SourceFile("gone", 5, f"sha256:{'ab' * 32}", Part.CARD)
    found = CommitSource().fetch_contents(REFERENCE, "", (gone, here))
    assert [(file.path, b"".join(chunks)) for file, chunks in found] == [("here", b"tes")]
