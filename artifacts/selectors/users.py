"""Questions about users."""

from artifacts.exceptions import UserNotFound
from artifacts.models import User


def get_user(name: str) -> User:
    """Return the user of this name.

    Raises:
        UserNotFound: there is none.
    """
    user = User.objects.filter(username=name).first()
    if user is None:
        raise UserNotFound(name)
    return user


def list_users() -> list[User]:
    """Return all users, in the order of their names."""
    return list(User.objects.order_by("username"))
