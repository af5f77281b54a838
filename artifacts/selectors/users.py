"""Questions about users."""

from artifacts.exceptions import UserNotFound
from artifacts.limits import USERNAME_MAX_CHARS, USERS_PAGE_SIZE
from artifacts.models import User
from artifacts.rules.people import normal_name
from artifacts.selectors.paging import Rows, key_of, page_of


def get_user(name: str) -> User:
    """Return the user of this name, however it is spelt: case and width do not count.

    Raises:
        UserNotFound: there is none.
    """
    user = User.objects.named(name)
    if user is None:
        raise UserNotFound(name)
    return user


def is_name_of(user: User, name: str) -> bool:
    """Return whether this name, however it is spelt, leads to this user and to no other."""
    if name == user.username:
        return True
    if normal_name(name[:USERNAME_MAX_CHARS]) != normal_name(user.username):
        return False
    found = User.objects.named(name)
    return found is not None and found.pk == user.pk


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
