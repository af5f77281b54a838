"""What the tests of the API share."""

import pytest

from tests.functional.api.uploading import PART_BYTES


@pytest.fixture
def small_parts(set_limits):
    """Uploads come in parts of a few hundred bytes."""
    set_limits(UPLOAD_PART_BYTES=PART_BYTES)
