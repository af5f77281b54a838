"""Other tools rely on these names: a change here is a change of the registry's data."""

import pytest

from artifacts.storage import keys

SHA256 = "0123456789abcdef" * 4


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
