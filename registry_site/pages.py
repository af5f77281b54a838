"""Who may see a page, and who is answered an error as a page, or in the words of the Hub.

Viewsets of the API check the table of routes themselves; pages are plain functions, so this checks
the table for them. Whatever refuses a request, wherever it stands, answers in JSON; the outermost
layer here makes a page of that where a person asks, and redraws it for the Hub's clients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from artifacts.api.exception_handler import ErrorAnswer, answer_error, note_crash, translate
from artifacts.api.methods import list_methods
from artifacts.api.permissions import demand
from artifacts.exceptions import PermissionMissing
from artifacts.routes import find_operation, is_hub, is_page
from artifacts.routes.hub import API_PREFIX, WORDS_OF_FILES
from artifacts.routes.operations import LINK, OPEN, SEARCH
from artifacts.rules.accept import HTML, JSON, prefers

SIGN_IN = "sign-in"
_STAFF_SITE = ("/admin", "/admin/")


class ErrorPageMiddleware:
    """Shows errors as pages to people, in the Hub's words to its clients, and as JSON to others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and draw the error that comes back."""
        answer = self.get_response(request)
        if not isinstance(answer, ErrorAnswer):
            return answer
        if is_for_staff(request):
            return show(request, answer)
        if is_for_hub(request):
            # Imported here, as pages are: most answers are neither.
            from artifacts.hub.errors import redraw

            return redraw(answer)
        patch_vary_headers(answer, ("Accept",))
        return show(request, answer) if is_for_people(request) else answer


class PageMiddleware:
    """Checks the permission that the table demands for a page, and answers its refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; its route is not known yet."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _given: Any
    ) -> HttpResponse | None:
        """Send strangers to the sign-in page, and tell others what they lack."""
        if not is_page(request.resolver_match):
            return None
        permission = find_operation(request).permission
        if permission in (OPEN, LINK):
            return None
        user = request.user
        if user.is_authenticated:
            try:
                demand(user, permission)
            except PermissionMissing as error:
                return answer_error(error)
            return None
        if permission == SEARCH and settings.REGISTRY_PUBLIC_PAGES == "on":
            return None
        return ask_to_sign_in(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error of the registry; all others go to Django's handler."""
        if not is_page(request.resolver_match):
            return None
        known = translate(error)
        return answer_error(known) if known is not None else None


def is_for_staff(request: HttpRequest) -> bool:
    """Whether a request is for the staff site, which has nothing but pages."""
    return request.path_info == _STAFF_SITE[0] or request.path_info.startswith(_STAFF_SITE[1])


def is_for_hub(request: HttpRequest) -> bool:
    """Whether a request is one of the Hub's protocol, even if it was refused unrouted."""
    if request.path_info.startswith(API_PREFIX):
        return True
    match = request.resolver_match
    if match is None:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            # An id or a name that no route takes, such as one with a line break.
            return any(word in request.path_info for word in WORDS_OF_FILES)
    return is_hub(match)


def is_for_people(request: HttpRequest) -> bool:
    """Whether the sender of a request is to see errors as a page.

    Browsers prefer HTML, programs prefer nothing (`*/*`, or no header) or JSON. An address that
    answers with a page also does so with its errors, except to who prefers JSON.
    """
    accept = request.headers.get("Accept", "")
    if is_page(request.resolver_match):
        return not prefers(accept, JSON, HTML)
    return prefers(accept, HTML, JSON)


def show(request: HttpRequest, answer: ErrorAnswer) -> HttpResponse:
    """Put a page in place of an error's JSON; status and headers stay."""
    # Imported here: a start that serves the API alone needs no pages.
    from artifacts.web.errors import draw_error

    try:
        drawn = draw_error(request, answer.error, answer.status_code, answer.get("Retry-After", ""))
    except Exception as error:  # noqa: BLE001  (whatever it is: the error has to be answered)
        note_crash(error)
        return answer
    answer.content = drawn.encode()
    answer["Content-Type"] = "text/html; charset=utf-8"
    answer["Content-Length"] = str(len(answer.content))
    return answer


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to the sign-in page, which leads back.

    What was sent with a form is lost, so the way leads back to the form's page only if that has the
    same address; where nothing can be looked at, it leads to the front page.
    """
    can_look = "GET" in list_methods(request.resolver_match)
    query = urlencode({"next": request.get_full_path() if can_look else reverse("home")})
    return HttpResponseRedirect(f"{reverse(SIGN_IN)}?{query}")
