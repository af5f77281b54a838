import pytest

from artifacts.models import DEFAULT_ADMIN_USERNAME
from tests.secret_watch import is_word


@pytest.mark.parametrize("secret", ["configured", "x" * 1_000, DEFAULT_ADMIN_USERNAME])
def test_watch_when_a_password_is_a_word_then_other_tests_may_write_it(secret):
    assert is_word(secret)


@pytest.mark.parametrize(
    "secret", ["a-long-password-1", "hf_0123456789abcdef", "token-of-ada-and-some-more-letters"]
)
def test_watch_when_a_secret_is_no_word_then_nobody_may(secret):
    assert not is_word(secret)
