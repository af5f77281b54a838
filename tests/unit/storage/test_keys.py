"""Other tools rely on these names: a change here is a change of the registry's data."""

import pytest

from artifacts.enums import ArtifactType
from artifacts.rules.digest import Sha256
from artifacts.storage import keys

SHA256 = Sha256("0123456789abcdef" * 4)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(
            keys.record_key("model-1-2"), "artifacts/model-1-2/metadata.json", id="record"
        ),
        pytest.param(
            keys.revision_key("model-1-2", 3), "artifacts/model-1-2/revisions/3.json", id="revision"
        ),
        pytest.param(keys.blob_key(SHA256), f"blobs/sha256/01/23/{SHA256}", id="blob"),
        pytest.param(
            keys.bundle_key("model-1-2", 3, "full"), "bundles/model-1-2/3/full.zip", id="bundle"
        ),
        pytest.param(keys.upload_key("1-2"), "uploads/1-2.zip", id="upload"),
        pytest.param(keys.old_upload_key(SHA256), f"uploads/sha256-{SHA256}.zip", id="old upload"),
        pytest.param(keys.incoming_upload_key("1-2"), "incoming/upload-1-2.zip", id="parts"),
        pytest.param(keys.incoming_lfs_key("1-2"), "incoming/lfs-1-2", id="large file"),
        pytest.param(
            keys.people_key(1_760_000_000_000_001),
            "registry/people/00001760000000000001.json",
            id="people",
        ),
        pytest.param(
            keys.global_key(1_760_000_000_000_001, SHA256),
            "registry/globals/00001760000000000001-0123456789abcdef.json",
            id="global",
        ),
        pytest.param(keys.RESET_MARKER_KEY, "registry/reset.json", id="reset marker"),
        pytest.param(
            keys.segment_key("file-7", 256_000_000),
            "incoming/segments/file-7/000000256000000",
            id="segment",
        ),
        pytest.param(keys.segment_key("file-7"), "incoming/segments/file-7/", id="segments"),
        pytest.param(keys.INCOMING_PREFIX, "incoming/", id="incoming"),
        pytest.param(keys.PROBES_PREFIX, "registry/probe/", id="probes"),
    ],
)
def test_key_when_made_has_its_form(key, expected):
    assert key == expected


def test_id_in_a_key_when_read_then_that_of_the_artifact():
    made = (keys.record_key("model-1-2"), keys.revision_key("model-1-2", 3))
    assert {keys.parse_artifact_id(key) for key in made} == {"model-1-2"}
    assert keys.parse_artifact_id(keys.bundle_key("model-1-2", 3, "full")) == "model-1-2"


def test_moment_in_a_key_when_read_then_what_it_was_made_of():
    assert keys.read_global_us(keys.global_key(1_760_000_000_000_001, SHA256)) == (
        1_760_000_000_000_001
    )


@pytest.mark.parametrize(
    "name",
    [
        "", "x", "1-0123456789abcdef.json", "00001760000000000001.json",
        "0000176000000000000\u0661-0123456789abcdef.json",
        "00001760000000000001-0123456789abcdef0.json", "00001760000000000001-0123456789abcdef",
    ],
)  # fmt: skip
def test_moment_in_a_key_when_it_is_none_then_none(name):
    assert keys.read_global_us(f"{keys.GLOBALS_PREFIX}{name}") is None


def test_number_in_a_key_when_read_then_what_it_was_made_of():
    assert keys.parse_number_key(keys.number_key(ArtifactType.CODE, 12)) == (ArtifactType.CODE, 12)


@pytest.mark.parametrize(
    "name", ["book/000000000001", "code/x", "code/", "code", "", "code/1", "code/00000000000\u0661"]
)
def test_number_in_a_key_when_it_is_none_then_none(name):
    assert keys.parse_number_key(f"{keys.NUMBERS_PREFIX}{name}") is None
