"""What a stranger writes means the same, whether it comes from the Hub or in a zip."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from artifacts.exceptions import ArchiveRefused, SourceRefused
from artifacts.sources.base import Deadline
from artifacts.sources.huggingface import HuggingFaceSource
from artifacts.sources.listings import Entry, list_files
from artifacts.sources.uploads import UploadSource
from tests.fakes.loopback import Reply, json_reply
from tests.unit.rules.test_documents import PIECES, VALUES, flaws_of
from tests.unit.sources.huggingface.conftest import COMMIT, info
from tests.unit.sources.test_uploads import sent, snapshot_of

FILES = f"/acme/robot/raw/{COMMIT}"
CONFIGS = {
    "deep": b'{"a":' * 101 + b"1" + b"}" * 101,
    "deeper": b"[" * 1_000_000,
    "as deep as may be": b'{"a":' * 100 + b"1" + b"}" * 100,
    "no numbers": b'{"a": NaN, "b": 1e999, "c": -Infinity}',
    "large numbers": b'{"a": 9223372036854775808, "b": %s}' % (b"1" * 5_000),
    "letters": b'{"a\\u0000": "\\ud800", "b": "\\ud83d\\ude00"}',
    "key twice": b'{"a": 1, "a": 2}',
    "no text": b'{"a": "\xff"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "list": b"[1]",
    "nothing": b"",
    "large": b'{"a": "%s"}' % (b"x" * 1_100_000),
    "cut": b'{"a": "%s"}' % (b"x" * 2_100_000),
}
CARDS = {
    "deep": "[" * 101,
    "deeper": "{a: " * 10_000,
    "references": "a: &x [1]\nb: [*x, *x]",
    "key twice": "a: 1\na: 2",
    "no numbers": "a: .nan\nb: .inf\nc: 18446744073709551616",
    "letters": 'a: "\\0"\nb: "\\ud800"',
    "broken": "a: b: c",
    "tags": "a: !!python/name:os.system",
    "many": "a:\n" + "- 1\n" * 60_000,
}


@pytest.fixture
def both(hub, uploader):
    """What the Hub's door and that of uploads say about the same files."""

    def both(readme: bytes = b"# robot\n", config: bytes = b"{}"):
        hub.routes["/api/models/acme/robot/revision/main"] = json_reply(info(cardData=None))
        hub.routes[f"{FILES}/README.md"] = Reply(readme)
        hub.routes[f"{FILES}/config.json"] = Reply(config)
        source = HuggingFaceSource()
        reference = source.parse("https://huggingface.co/acme/robot")
        from_hub = source.fetch_snapshot(reference, Deadline(30))
        upload = sent(uploader, {"README.md": readme, "config.json": config})
        return from_hub, snapshot_of(UploadSource(), upload)

    return both


def said(snapshot) -> tuple:
    """What is kept of card and configuration."""
    facts = snapshot.facts
    errors = {key: facts[key] for key in facts if key.endswith(("_error", "_unread"))}
    return snapshot.card, snapshot.config, errors


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_config_when_hostile_then_both_doors_say_the_same(both, config):
    from_hub, from_zip = both(config=config)
    assert said(from_hub) == said(from_zip)
    assert flaws_of(from_zip.config) == []
    assert bool(from_zip.config) != ("config_error" in from_zip.facts) or not config


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_card_when_hostile_then_both_doors_say_the_same(both, card):
    from_hub, from_zip = both(readme=f"---\n{card}\n---\n# robot\n".encode())
    assert said(from_hub) == said(from_zip)
    assert flaws_of(from_zip.card) == []
    assert bool(from_zip.card) != ("card_error" in from_zip.facts)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(PIECES | VALUES)
def test_config_when_it_is_anything_then_both_doors_say_the_same(both, text):
    from_hub, from_zip = both(config=text.encode("utf-8", "surrogatepass"))
    assert said(from_hub) == said(from_zip)
    assert flaws_of(from_zip.config) == []


@pytest.mark.parametrize(
    "name",
    ["a\u202eb", "a\u200bb", "\ufeffa", "a\u2066b", "be\u200drt", "a\x1bb", "a\x85b", "..", "a\\b"],
    ids=ascii,
)
def test_file_name_when_unseen_or_turned_then_refused_by_every_door(uploader, name):
    with pytest.raises(SourceRefused, match="unsafe"):
        list_files([Entry(name, 1, f"git:{'a' * 40}")], "", "GitHub")
    with pytest.raises(ArchiveRefused):
        snapshot_of(UploadSource(), sent(uploader, {name: b"x", "b": b"x"}))


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/README.md", "A/readme.md"), ("\u00e9", "e\u0301"), ("a", "A/b")],
    ids=ascii,
)
def test_file_names_when_alike_then_no_door_keeps_what_would_be_overwritten(uploader, one, other):
    """Who sends a zip can rename a file; of somebody else's repository the link is kept."""
    digest = f"git:{'a' * 40}"
    listing = list_files([Entry(one, 1, digest), Entry(other, 1, digest)], "", "GitHub")
    assert "same name" in listing.link_only_reason
    assert len(listing.files) == 2
    with pytest.raises(ArchiveRefused, match="same name"):
        snapshot_of(UploadSource(), sent(uploader, {one: b"x", other: b"x"}))
