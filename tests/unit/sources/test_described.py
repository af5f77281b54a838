"""The same small files through each door: the Hub, GitHub and a zip read them alike."""

import pytest

from artifacts.enums import ArtifactType
from artifacts.rules.licensing import files as license_files
from artifacts.rules.licensing.texts import LicenseText
from artifacts.rules.reading import ReadState, read_readings
from artifacts.services.lineage.parent_links import find_parent_links
from artifacts.services.trust.model_facts import read_snapshot_facts
from artifacts.sources.github import GitHubSource
from artifacts.sources.huggingface import HuggingFaceSource
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.uploads import UploadSource
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT, git_sha
from tests.unit.sources.test_uploads import sent, snapshot_of

DOORS = ("hub", "github", "zip")
TERMS = b"The words of a license.\n"
MATTER = "license: gpl-3.0\nbase_model: acme/leaf\nlibrary_name: peft\n"
CARD = f"---\n{MATTER}---\n# Tea\n".encode()
CONFIG = b'{"_name_or_path": "acme/bush", "model_type": "x"}'


@pytest.fixture(autouse=True)
def known_text(monkeypatch):
    monkeypatch.setattr(
        license_files,
        "read_license_text",
        lambda text: LicenseText("ISC" if text == TERMS.decode() else "", reason="It is odd."),
    )


class Doors:
    """Takes snapshots of the same files through each door."""

    def __init__(self, server, user):
        self.server, self.user = server, user

    def take(self, door: str, files: dict[str, bytes], **stated):
        return {"hub": self.from_hub, "github": self.from_github, "zip": self.from_zip}[door](
            files, **stated
        )

    def from_hub(self, files, *, siblings=True, **info):
        api = "/api/models/acme/robot"
        listed = [{"rfilename": path} for path in files] if siblings else None
        tree = [
            {"type": "file", "path": path, "size": len(data), "oid": git_sha(data)}
            for path, data in files.items()
        ]
        answer = {"id": "acme/robot", "sha": COMMIT, "siblings": listed} | info
        self.server.routes |= {
            f"{api}/revision/main": json_reply(answer),
            f"{api}/tree/{COMMIT}": json_reply(tree),
            f"{api}/refs": json_reply({"tags": []}),
        } | {f"/acme/robot/raw/{COMMIT}/{path}": Reply(data) for path, data in files.items()}
        return self.fetch(HuggingFaceSource(), "https://huggingface.co/acme/robot")

    def from_github(self, files, folder="", **facts):
        base = "/repos/acme/robot"
        tree = [
            {"type": "blob", "path": path, "size": len(data), "sha": git_sha(data)}
            for path, data in files.items()
        ]
        about = {"full_name": "acme/robot", "default_branch": "main"} | facts
        readme = next((path for path in files if path.lower().startswith("readme")), "")
        self.server.routes |= {
            base: json_reply(about),
            f"{base}/commits/main": Reply(COMMIT.encode()),
            f"{base}/git/trees/{COMMIT}": json_reply({"tree": tree}),
            f"{base}/tags": json_reply([]),
            f"{base}/readme": Reply(files[readme]) if readme else Reply(status=404),
        } | {f"{base}/contents/{path}": Reply(data) for path, data in files.items()}
        tail = f"/tree/main/{folder}" if folder else ""
        return self.fetch(GitHubSource(), f"https://github.com/acme/robot{tail}")

    def from_zip(self, files):
        return snapshot_of(UploadSource(), sent(self.user, files))

    def fetch(self, source, url):
        self.server.asked.clear()
        return source.fetch_snapshot(source.parse(url), Inquiry(30))


@pytest.fixture
def doors(server, uploader) -> Doors:
    return Doors(server, uploader)


def states_of(snapshot) -> dict[str, str]:
    readings = read_readings(snapshot.facts)
    # Of results, the Hub is asked when a model is rated.
    return {name: each.state for name, each in readings.items() if name != "results"}


@pytest.mark.parametrize("door", DOORS)
def test_snapshot_when_all_is_well_then_every_door_reads_the_same(doors, door):
    files = {"README.md": CARD, "config.json": CONFIG, "LICENSE": TERMS}
    found = doors.take(door, files)
    assert found.card == {"license": "gpl-3.0", "base_model": "acme/leaf", "library_name": "peft"}
    assert found.config["_name_or_path"] == "acme/bush"
    assert found.license == "gpl-3.0"
    assert states_of(found) == {
        "readme": ReadState.READ, "card": ReadState.READ, "config": ReadState.READ,
        # Its size is not that of the GPL, so it was looked at.
        "license_file": ReadState.READ,
    }  # fmt: skip
    links = find_parent_links(found)
    assert {(each.parent_type, each.parent_name) for each in links} == {
        (ArtifactType.MODEL, "acme/leaf"), (ArtifactType.MODEL, "acme/bush"),
    }  # fmt: skip
    assert read_snapshot_facts(found).library == "peft"


@pytest.mark.parametrize("door", DOORS)
def test_snapshot_when_there_is_nothing_then_every_door_says_absent(doors, door):
    found = doors.take(door, {"a.txt": b"x"})
    assert set(states_of(found).values()) == {ReadState.ABSENT}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("readme.md", CARD),
        ("ReadMe.md", CARD),
        ("README.md", b"\n\n" + CARD),
        ("README.md", CARD.decode().encode("utf-16")),
        ("README.md", CARD.decode().encode("utf-8-sig")),
        ("README.md", CARD.replace(b"\n", b"\r\n")),
        ("README.md", CARD.replace(b"\n", b"\r")),
        ("README.md", b"<!-- made by hand -->\n" + CARD),
        ("README.md", CARD.replace(b"gpl-3.0\n", b"gpl-3.0\t\nabout: tea: hot\nday: 2023-02-30\n")),
    ],
)
def test_snapshot_when_the_card_is_odd_then_every_door_reads_it(doors, door, name, raw):
    found = doors.take(door, {name: raw})
    assert (found.card["license"], found.card["base_model"]) == ("gpl-3.0", "acme/leaf")
    assert read_readings(found.facts)["card"].path == name


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_snapshot_when_the_config_has_a_mark_then_every_door_reads_it(doors, door, encoding):
    found = doors.take(door, {"config.json": CONFIG.decode().encode(encoding)})
    assert found.config == {"_name_or_path": "acme/bush", "model_type": "x"}


@pytest.mark.parametrize("door", DOORS)
def test_snapshot_when_the_front_matter_is_hopeless_then_every_door_says_why(doors, door):
    found = doors.take(door, {"README.md": b"---\n- a list\n---\n# Tea\n"})
    reading = read_readings(found.facts)["card"]
    assert (found.card, reading.state) == ({}, ReadState.UNREADABLE)
    assert "no mapping" in reading.reason
    assert found.readme.endswith("# Tea\n")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["LICENSE", "copying.md", "LICENCE-ISC", "licenses/ISC.txt"])
@pytest.mark.parametrize(
    "card", [b"# Tea\n", b"---\nlicense: Other\n---\n", b"---\nlicense: [other]\n---\n"]
)
def test_snapshot_when_only_a_file_tells_the_license_then_every_door_opens_it(
    doors, door, name, card
):
    found = doors.take(door, {"README.md": card, name: TERMS})
    assert (found.license, states_of(found)["license_file"]) == ("ISC", ReadState.READ)


@pytest.mark.parametrize("door", DOORS)
def test_snapshot_when_the_card_links_to_its_license_then_every_door_follows(doors, door):
    card = b"---\nlicense: other\nlicense_link: ./TERMS.md\n---\n"
    found = doors.take(door, {"README.md": card, "TERMS.md": TERMS, "LICENSE": b"own"})
    assert found.license == "ISC"


@pytest.mark.parametrize("door", DOORS)
def test_snapshot_when_files_are_pointers_then_every_door_says_that_they_were_not_opened(
    doors, door
):
    oid = b"0" * 64
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%b\nsize 9\n" % oid
    names = ("README.md", "config.json", "LICENSE")
    found = doors.take(door, dict.fromkeys(names, pointer))
    states = {name: state for name, state in states_of(found).items() if name != "card"}
    assert set(states.values()) == {ReadState.NOT_OPENED}
    assert (found.readme, found.card, found.config, found.license) == ("", {}, {}, "")


def test_hub_when_all_is_listed_then_a_license_file_takes_the_sixth_request(doors):
    files = {"README.md": b"# Tea\n", "config.json": CONFIG, "LICENSE": TERMS}
    assert doors.from_hub(files).license == "ISC"
    assert len(doors.server.asked) == 6


@pytest.mark.parametrize("siblings", [True, False])
def test_hub_when_it_lists_files_or_not_then_no_request_is_wasted(doors, siblings):
    found = doors.from_hub({"readme.md": CARD, "adapter_config.json": CONFIG}, siblings=siblings)
    assert (found.license, found.config["model_type"]) == ("gpl-3.0", "x")
    assert len(doors.server.asked) == 5


def test_hub_when_no_request_is_left_then_the_license_file_is_not_asked_for(doors, set_limits):
    set_limits(RATING_HUB_REQUESTS_MAX=5)
    found = doors.from_hub({"README.md": b"# Tea\n", "config.json": CONFIG, "LICENSE": TERMS})
    assert (found.license, states_of(found)["license_file"]) == ("", ReadState.NOT_ASKED)


def test_hub_when_it_reads_one_of_two_values_then_both_count(doors):
    card = b"---\nlicense: cc-by-nc-4.0\nlicense: mit\ntags: [x]\n---\n"
    found = doors.from_hub({"README.md": card}, cardData={"license": "mit", "tags": ["y"]})
    assert found.license == "cc-by-nc-4.0 AND mit"
    assert found.card["tags"] == ["y"]
    assert "Stated twice" in read_readings(found.facts)["card"].reason


def test_hub_when_it_gives_the_card_and_not_the_file_then_the_card_is_read(doors):
    doors.server.routes[f"/acme/robot/raw/{COMMIT}/README.md"] = Reply(status=403)
    stated = {"license": "mit"}
    files = {"README.md": CARD}
    found = doors.from_hub(files, cardData=stated)
    doors.server.routes[f"/acme/robot/raw/{COMMIT}/README.md"] = Reply(status=403)
    found = doors.fetch(HuggingFaceSource(), "https://huggingface.co/acme/robot")
    states = states_of(found)
    assert (states["readme"], states["card"]) == (ReadState.NOT_OPENED, ReadState.READ)
    assert found.link_only_reason


@pytest.mark.parametrize(
    ("spdx_id", "text", "license_"),
    [("MIT", b"own", "MIT"), ("MIT", TERMS, "ISC"), ("NOASSERTION", TERMS, "ISC"),
     (None, TERMS, "ISC")],
)  # fmt: skip
def test_github_when_it_takes_the_file_for_a_license_then_its_text_decides(
    doors, spdx_id, text, license_
):
    files = {"README.md": b"# Tea\n", "COPYING": text}
    assert doors.from_github(files, license={"spdx_id": spdx_id}).license == license_
    assert len(doors.server.asked) == 6


def test_github_when_the_text_is_of_nobody_then_other_and_the_file_is_named(doors):
    files = {"README.md": b"# Tea\n", "COPYING": b"own terms"}
    found = doors.from_github(files, license={"spdx_id": "NOASSERTION"})
    assert found.license == "other"
    assert "COPYING" in read_readings(found.facts)["license_file"].reason


def test_github_when_the_card_states_another_license_then_the_card_counts(doors):
    found = doors.from_github({"README.md": CARD}, license={"spdx_id": "MIT"})
    assert found.license == "gpl-3.0"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("sub/readme.md", "gpl-3.0"), ("other/README.md", "MIT")],
)
def test_github_when_a_folder_is_meant_then_its_own_card_or_the_repositorys(doors, path, expected):
    files = {"README.md": b"# All\n", path: CARD, "sub/config.json": CONFIG}
    found = doors.from_github(files, folder="sub", license={"spdx_id": "MIT"})
    assert (found.license, found.config["model_type"]) == (expected, "x")


def test_github_when_the_list_is_cut_then_nothing_is_said_to_be_absent(doors):
    doors.from_github({"README.md": b"# Tea\n"})
    tree = f"/repos/acme/robot/git/trees/{COMMIT}"
    doors.server.routes[tree] = json_reply({"tree": [], "truncated": True})
    found = doors.fetch(GitHubSource(), "https://github.com/acme/robot")
    states = states_of(found)
    assert (states["config"], states["license_file"]) == (ReadState.NOT_ASKED,) * 2


def test_facts_when_of_an_earlier_version_then_its_errors_are_readings():
    facts = {"card_error": "It is broken.", "weights_unread": "Too large.", "config_error": ""}
    readings = read_readings(facts)
    assert {name: each.reason for name, each in readings.items()} == {
        "card": "It is broken.", "weights": "Too large.",
    }  # fmt: skip
    assert not any(each.is_known for each in readings.values())
