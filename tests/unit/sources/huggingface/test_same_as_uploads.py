"""What a stranger writes means the same, whether it comes from the Hub or in a zip."""

from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from artifacts.exceptions import ArchiveRefused
from artifacts.rules.archives.paths import check_member_path, escape_path, find_clash
from artifacts.rules.reading import Readable, Reading, read_readings
from artifacts.sources.huggingface import HuggingFaceSource
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.listings import Entry, list_files
from artifacts.sources.uploads import UploadSource
from tests.fakes.loopback import Reply, json_reply
from tests.unit.rules.test_documents import PIECES, VALUES, flaws_of
from tests.unit.sources.huggingface.conftest import COMMIT, entry, info
from tests.unit.sources.test_uploads import sent, snapshot_of

pytestmark = pytest.mark.slow

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
# Odd, but no reason to repair or to leave out anything.
CLEAN = ("no numbers",)


@pytest.fixture
def both(hub, uploader):
    """What the Hub's door and that of uploads say about the same files."""

    def both(readme: bytes = b"# robot\n", config: bytes = b"{}"):
        hub.routes["/api/models/acme/robot/revision/main"] = json_reply(info(cardData=None))
        hub.routes[f"{FILES}/README.md"] = Reply(readme)
        hub.routes[f"{FILES}/config.json"] = Reply(config)
        names = ("README.md", "config.json")
        hub.routes[f"/api/models/acme/robot/tree/{COMMIT}"] = json_reply(
            [entry(name, b"x") for name in names]
        )
        source = HuggingFaceSource()
        reference = source.parse("https://huggingface.co/acme/robot")
        from_hub = source.fetch_snapshot(reference, Inquiry(30))
        upload = sent(uploader, {"README.md": readme, "config.json": config})
        return from_hub, snapshot_of(UploadSource(), upload)

    return both


def said(snapshot) -> tuple:
    """What is kept of card and configuration."""
    return snapshot.card, snapshot.config, readings_of(snapshot)


def readings_of(snapshot) -> dict[Readable, Reading]:
    readings = read_readings(snapshot.facts)
    # Of results, the Hub is asked when a model is rated.
    return {name: each for name, each in readings.items() if name != "results"}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_config_when_hostile_then_both_doors_say_the_same(both, config):
    from_hub, from_zip = both(config=config)
    assert said(from_hub) == said(from_zip)
    assert flaws_of(from_zip.config) == []
    assert bool(from_zip.config) == readings_of(from_zip)["config"].is_known


@pytest.mark.parametrize("name", CARDS)
def test_card_when_hostile_then_both_doors_say_the_same(both, name):
    from_hub, from_zip = both(readme=f"---\n{CARDS[name]}\n---\n# robot\n".encode())
    assert said(from_hub) == said(from_zip)
    assert flaws_of(from_zip.card) == []
    reading = readings_of(from_zip)["card"]
    assert from_zip.card or not reading.is_known
    assert bool(reading.reason) == (name not in CLEAN)


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
def test_file_name_when_unseen_or_turned_then_no_door_keeps_it(uploader, name):
    """In somebody else's repository it gets a safe name; a zip that is meant to do harm none."""
    (file,) = list_files([Entry(name, 1, f"git:{'a' * 40}")], "", "GitHub").files
    assert (file.path, file.source_path) == (escape_path(name), name)
    upload = sent(uploader, {name: b"x", "b": b"x"})
    with nullcontext() if name != ".." else pytest.raises(ArchiveRefused):
        kept = {each.path for each in snapshot_of(UploadSource(), upload).files}
        assert name not in kept
        assert {check_member_path(path) for path in kept} == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/README.md", "A/readme.md"), ("\u00e9", "e\u0301"), ("a", "A/b")],
    ids=ascii,
)
def test_file_names_when_alike_then_no_door_keeps_what_would_be_overwritten(uploader, one, other):
    digest = f"git:{'a' * 40}"
    listing = list_files([Entry(one, 1, digest), Entry(other, 1, digest)], "", "GitHub")
    assert {file.listed_path for file in listing.files} == {one, other}
    assert find_clash([file.path for file in listing.files]) is None
    with pytest.raises(ArchiveRefused, match="same name"):
        snapshot_of(UploadSource(), sent(uploader, {one: b"x", other: b"x"}))
