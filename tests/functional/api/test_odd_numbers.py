"""Numbers that no column takes, wherever one is asked for: refused, and no fault of ours."""

import pytest

from artifacts.models import Upload
from tests.functional.api.uploading import UNKNOWN

pytestmark = pytest.mark.django_db
HUGE = ("9" * 19, "9" * 30, "-" + "9" * 30, "9" * 5_000, "1e999", "0x10", "\u0663", "")


@pytest.mark.parametrize("value", HUGE, ids=lambda each: f"{each[:4]}-{len(each)}")
@pytest.mark.parametrize(
    "path",
    [
        "/health/components?windowMinutes=", "/health/components?window_minutes=",
        "/artifact/model/model-1-1/cost?dependency=", "/artifacts/model/model-1-1/download?part=",
        "/artifact/model/model-1-1/lineage?depth=", "/artifact/model/model-",
    ],
)  # fmt: skip
def test_query_when_a_number_is_huge_then_no_fault_of_ours(admin_api, path, value):
    assert admin_api.get(path + value).status_code < 500


@pytest.mark.parametrize("value", [10**19, 10**30, -(10**30), 10**400, 1e300])
def test_body_when_a_number_is_huge_then_refused(admin_api, value):
    body = {"filename": "a.zip", "size_bytes": value, "sha256": "ab" * 32}
    assert admin_api.post("/uploads", body).status_code in (400, 413)
    assert not Upload.objects.exists()
    part = {"parts": [{"number": value, "sha256": "ab" * 32}]}
    assert admin_api.post(f"/uploads/{UNKNOWN}/parts", part).status_code in (400, 404)


def test_offset_when_it_is_huge_then_refused(admin_api):
    for text in ("YWZ0ZXI6OTk5OTk5OTk5OTk5OTk5OTk5OTphLTE", "9" * 5_000):
        assert admin_api.post(f"/artifacts?offset={text}", [{"name": "*"}]).status_code == 400
