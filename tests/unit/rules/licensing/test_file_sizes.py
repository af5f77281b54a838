"""License files beside a known license: those of another size than its text are opened."""

import pytest

from artifacts.rules.reading import ReadState
from tests.unit.rules.licensing.test_files import GPL, MIT, OWN, Cupboard, known_text

__all__ = ["known_text"]


@pytest.mark.parametrize(
    ("stated", "size_bytes", "expected", "is_opened"),
    [
        pytest.param(
            "apache-2.0", 1_070, "apache-2.0 AND GPL-3.0-only", True, id="too small for it"
        ),
        pytest.param("apache-2.0", 11_357, "apache-2.0", False, id="as large as it is"),
        pytest.param("mit", 1_070, "mit", False, id="as large as MIT's"),
        pytest.param("gpl-3.0", 9_000, "gpl-3.0", True, id="the same license"),
        pytest.param("openrail", 1_070, "openrail AND GPL-3.0-only", True, id="of no usual size"),
        pytest.param("cc-by-nc-4.0", 1_070, "cc-by-nc-4.0", False, id="what is stated is strict"),
        pytest.param("apache-2.0", None, "apache-2.0", False, id="of unknown size"),
    ],
)
def test_settle_license_when_a_file_has_not_the_size_of_what_is_stated_then_it_is_opened(
    stated, size_bytes, expected, is_opened
):
    cupboard = Cupboard({"LICENSE": GPL})
    license_, reading = cupboard.settle(stated, size_bytes=size_bytes)
    assert (license_, cupboard.opened) == (expected, ["LICENSE"] * is_opened)
    assert reading.state is (ReadState.READ if is_opened else ReadState.NOT_OPENED)


def test_settle_license_when_such_a_file_is_not_recognised_then_what_is_stated_stays():
    license_, reading = Cupboard({"LICENSE": OWN}).settle("mit", size_bytes=9_000)
    assert license_ == "mit"
    assert "LICENSE: It is no known license." in reading.reason
    assert Cupboard({"LICENSE": MIT}).settle("gpl-3.0", size_bytes=9_000)[0] == "gpl-3.0"
