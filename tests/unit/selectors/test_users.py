import pytest

from artifacts.exceptions import UserNotFound
from artifacts.selectors.users import get_user, list_users

pytestmark = pytest.mark.django_db


def test_users_when_listed_then_in_the_order_of_their_names(uploader, administrator):
    assert list_users().rows == [administrator, uploader]


@pytest.mark.parametrize("name", ["nobody", "Ursula", "ursula ", ""])
def test_user_when_the_name_differs_then_not_found(uploader, name):
    with pytest.raises(UserNotFound):
        get_user(name)
    assert get_user("ursula") == uploader
