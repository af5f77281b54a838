import pytest

from artifacts.exceptions import UserNotFound
from artifacts.selectors.access.users import get_user, is_name_of, list_users

pytestmark = pytest.mark.django_db


def test_users_when_listed_then_in_the_order_of_their_names(uploader, administrator):
    assert list_users().rows == [administrator, uploader]


@pytest.mark.parametrize("name", ["nobody", "ursul\u0430", "ursula ", "u rsula", ""])
def test_user_when_the_name_differs_then_not_found(uploader, name):
    with pytest.raises(UserNotFound):
        get_user(name)
    assert get_user("ursula") == uploader


def test_name_when_compared_with_a_user_then_every_spelling_and_no_other_name(uploader):
    assert all(is_name_of(uploader, each) for each in ("ursula", "URSULA", "\uff35rsula"))
    others = ("ursu1a", "ursul\u0430", "", "x" * 9_999)
    assert not any(is_name_of(uploader, each) for each in others)
