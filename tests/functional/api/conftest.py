"""What the tests of the API share."""

import pytest

from tests.functional.api.uploading import PART_BYTES


@pytest.fixture
def small_parts(monkeypatch):
    """Uploads come in parts of a few hundred bytes."""
    monkeypatch.setattr("artifacts.services.content.uploads.UPLOAD_PART_BYTES", PART_BYTES)
