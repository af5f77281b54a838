"""Errors as a page: what happened, what it means for what one was doing, what to do.

The page needs neither the database nor the session, since either may be what failed: it is drawn
without Django's context processors, and names only a user who is loaded already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from artifacts.exceptions import (
    AuthenticationFailed,
    PermissionMissing,
    RegistryError,
    SessionEnded,
)
from artifacts.models import User
from artifacts.request_id import current_request_id
from artifacts.selectors.access.users import list_administrators

_SAFE = ("GET", "HEAD", "OPTIONS")
_ACCOUNT = ("account", "What you may do, in your account")
_API = ("docs", "How programs use the registry")
_HEALTH = ("health", "How its components are")
_DASHBOARD = ("health-dashboard", "How its components are, and what failed")
_CATALOGUE = ("catalogue", "Look for it in the catalogue")
_SIGN_IN = ("sign-in", "Sign in")


class _Words(NamedTuple):
    """What a page says beside the error's own sentence.

    Attributes:
        advice: what to do, if the error's sentence does not say it.
        ways: names of routes and what their links say.
        is_done: what is known of a change that was asked for.
    """

    title: str
    advice: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    is_done: str = "Nothing was changed: what you sent was not done."


_UNDONE: Final = "Nothing was changed. Send the same again later."
_UNKNOWN: Final = "What you sent may be done or not: look before you send it again."
_WORDS: Final[dict[int, _Words]] = {
    400: _Words("That could not be understood", "Go back, correct it, and send it again."),
    401: _Words("That was refused", ways=(_ACCOUNT,)),
    403: _Words("You may not do this", ways=(_ACCOUNT,)),
    404: _Words(
        "There is nothing here",
        "The address may be mistyped, or what it named was deleted.",
        (_CATALOGUE,),
    ),
    405: _Words(
        "This cannot be done here",
        "The address is right, but not for this: programs send other methods to it.",
        (_API,),
    ),
    408: _Words("That took too long", is_done=_UNDONE),
    409: _Words("Something stands in the way", "Look at what is there now, and decide anew."),
    412: _Words("It was changed meanwhile", "Load it anew, and decide again."),
    413: _Words("That is too much at once", "Ask for less, or send it in smaller parts.", (_API,)),
    416: _Words("It is not that long", "Start the download from its beginning."),
    424: _Words(
        "The gate refused it",
        "The model is not trustworthy enough by this registry's rules, and was not registered. "
        "Choose another one, or ask an administrator for a decision.",
    ),
    429: _Words("Please wait a moment", is_done=_UNDONE),
    431: _Words("Your browser sends too much", "Delete this site's cookies."),
    500: _Words(
        "The registry made a mistake",
        "It is not your fault. Try again; if it stays, tell its operator.",
        (_HEALTH,),
        _UNKNOWN,
    ),
    502: _Words("The source did not answer as it should", "Try again later.", (_HEALTH,), _UNDONE),
    503: _Words("The registry cannot do this now", "Try again later.", (_HEALTH,), _UNDONE),
    507: _Words("There is no space left", "An operator has to make some.", (_HEALTH,), _UNDONE),
}
# For whoever opens an address of the API in a browser.
_FOR_PROGRAMS: Final = _Words(
    "This address is for programs",
    "Programs send a token with every request. People sign in, and use the pages.",
    (_SIGN_IN, _API),
)
# Some sentences say already when to try again.
_AGAIN: Final = "again in"
_OTHER: Final = _Words("That did not work")

# They are about who asks, not about what was asked for.
_ABOUT_THE_PERSON = (AuthenticationFailed, PermissionMissing, SessionEnded)
_FORM = "show_refused_form"


def show_beside(request: HttpRequest, draw: Callable[[RegistryError], HttpResponse]) -> None:
    """Have a form show the refusals of its request, beside its fields, with what was entered.

    The status and the log stay those of every refusal.
    """
    vars(request)[_FORM] = draw


def draw_error(
    request: HttpRequest, error: RegistryError, status: int, retry_after_s: str = ""
) -> str:
    """Return the page of an error.

    Args:
        status: what the table of errors gives it.
        retry_after_s: when to try again, "" if that would not help.
    """
    draw = vars(request).get(_FORM)
    if draw is not None and not isinstance(error, _ABOUT_THE_PERSON):
        form: HttpResponse = draw(error)
        return form.content.decode()
    words = _WORDS.get(status, _OTHER)
    if isinstance(error, AuthenticationFailed):
        words = _FOR_PROGRAMS
    context: dict[str, Any] = {
        "title": words.title,
        "reason": error.message,
        "meaning": "" if request.method in _SAFE else words.is_done,
        "advice": words.advice if words.advice not in error.message else "",
        "ways": [*_find_page(request), *_find_ways(request, words.ways)],
        # Whoever lacks a permission wants to know whom to ask.
        "administrators": list_administrators() if isinstance(error, PermissionMissing) else (),
        "retry_after_s": "" if _AGAIN in error.message else retry_after_s,
        "request_id": current_request_id(),
        # Asking for another one could fail as well.
        "user": vars(request).get("_cached_user"),
    }
    return render_to_string("web/error.html", context)


def _find_page(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the page for people about what an address of the API names, if there is one."""
    match = request.resolver_match
    artifact_id = match.kwargs.get("artifact_id", "") if match else ""
    if not artifact_id or match is None or match.namespaces:
        return []
    page = reverse("artifact-page", args=[artifact_id])
    return [(page, "The page of this artifact")] if page != request.path_info else []


def _find_ways(
    request: HttpRequest, ways: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str]]:
    """Yield address and words of the ways that the person may go, if that is known already."""
    user = vars(request).get("_cached_user")
    for way in ways:
        name, said = _DASHBOARD if way == _HEALTH and user and user.is_staff else way
        # Strangers may sign in on their way.
        is_stopped = isinstance(user, User) and not user.may("search")
        if way != _CATALOGUE or not is_stopped:
            yield reverse(name), said
