"""Finding and listing users."""

from artifacts.exceptions import UserNotFound
from artifacts.limits import ADMINISTRATORS_NAMED_MAX, USERNAME_MAX_CHARS, USERS_PAGE_SIZE
from artifacts.models import User
from artifacts.rules.paging import Rows, cut_page, read_key
from artifacts.rules.people import normal_name


def get_user(name: str) -> User:
    """Return the user of this name, ignoring case and width of letters.

    Raises:
        UserNotFound: there is no such user.
    """
    user = User.objects.named(name)
    if user is None:
        raise UserNotFound(name)
    return user


def is_name_of(user: User, name: str) -> bool:
    """Return whether this name, in any spelling, means this user and no other."""
    if name == user.username:
        return True
    if normal_name(name[:USERNAME_MAX_CHARS]) != normal_name(user.username):
        return False
    found = User.objects.named(name)
    return found is not None and found.pk == user.pk


def list_administrators() -> list[str]:
    """Return the names of some administrators, for whoever needs one."""
    found = User.objects.filter(is_admin=True, is_active=True).order_by("username")
    return list(found.values_list("username", flat=True)[:ADMINISTRATORS_NAMED_MAX])


def list_users(offset: str | None = None) -> Rows[User]:
    """Return a page of users, ordered by name.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    found = User.objects.order_by("username")
    if offset is not None:
        (last,) = read_key(offset, str)
        found = found.filter(username__gt=last)
    users = list(found[: USERS_PAGE_SIZE + 1])
    return cut_page(users, USERS_PAGE_SIZE, lambda user: (user.username,))
