import pytest

from artifacts.sources.answers import is_passing


@pytest.mark.parametrize("status", [408, 429, 500, 503, 599])
def test_status_when_it_says_not_now_then_passing(status):
    assert is_passing(status)


@pytest.mark.parametrize("status", [200, 304, 401, 403, 404, 499])
def test_status_when_it_says_what_is_so_then_not_passing(status):
    assert not is_passing(status)
