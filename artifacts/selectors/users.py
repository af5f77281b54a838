"""Questions about users."""

from artifacts.exceptions import UserNotFound
from artifacts.limits import USERS_PAGE_SIZE
from artifacts.models import User
from artifacts.selectors.paging import Rows, key_of, page_of


def get_user(name: str) -> User:
    """Return the user of this name.

    Raises:
        UserNotFound: there is none.
    """
    user = User.objects.filter(username=name).first()
    if user is None:
        raise UserNotFound(name)
    return user


def list_users(offset: str | None = None) -> Rows[User]:
    """Return a page of the users, in the order of their names.

    Raises:
        InvalidOffset: the offset is none of ours.
    """
    found = User.objects.order_by("username")
    if offset is not None:
        (last,) = key_of(offset, str)
        found = found.filter(username__gt=last)
    users = list(found[: USERS_PAGE_SIZE + 1])
    return page_of(users, USERS_PAGE_SIZE, lambda user: (user.username,))
