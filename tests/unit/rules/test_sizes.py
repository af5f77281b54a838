import pytest

from artifacts.rules.sizes import human_size


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [
        (None, "unknown"),
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000_000, "1.0 MB"),
        (2 * 10**15, "2000.0 TB"),
    ],
)
def test_sizes_when_shown_then_in_steps_of_a_thousand(size_bytes, shown):
    assert human_size(size_bytes) == shown
