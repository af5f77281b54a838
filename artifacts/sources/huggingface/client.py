"""One function for each endpoint of the Hub that we use.

Source: the Hub's API documentation (`/docs/hub/api`), and the answers that its official client
relies on.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from django.conf import settings

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceAbsent, SourceRefused, SourceUnavailable
from artifacts.limits import FILES_MAX
from artifacts.rules.lfs import POINTER_START
from artifacts.sources.forms import stated_repository, stated_tags
from artifacts.sources.http import Answer, Client
from artifacts.sources.inquiry import Inquiry

# The Hub's own hosts. A mirror's answers may name them (HF_ENDPOINT).
HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co")
DENIED = (401, 403)
# The Hub also answers 401 for what does not exist, so as not to reveal names.
ABSENT = (401, 403, 404)
_OK, _TOO_MANY = 200, 429


def hub() -> Client:
    """Return the client of the Hub that the settings name."""
    return Client(settings.HF_ENDPOINT, settings.HF_TOKEN, aliases=HOSTS)


def get_info(kind: SourceKind, repository: str, ref: str, inquiry: Inquiry) -> dict[str, Any]:
    """Return the Hub's description of a repository at a ref.

    Raises:
        SourceAbsent: there is no such repository or ref, or it is private.
        SourceRefused: the Hub has disabled it.
    """
    path = f"{api_path(kind)}/{quote(repository)}/revision/{quote(ref, safe='')}"
    if kind == SourceKind.HUGGINGFACE_MODEL:
        # The same request also tells what the Hub's scanners found, as the official client asks.
        path += "?securityStatus=true"
    answer = hub().get(path, inquiry=inquiry, also=ABSENT)
    if answer.status in ABSENT:
        if "disabled" in answer.headers.get("x-error-message", ""):
            raise SourceRefused(f"The Hub has disabled {repository}.")
        raise SourceAbsent(_why_absent(answer, repository, ref))
    info = answer.json()
    if not isinstance(info, dict):
        raise SourceUnavailable("The Hub's answer has another form than documented.")
    stated_repository(info.get("id"), "The Hub")
    return info


def _why_absent(answer: Answer, repository: str, ref: str) -> str:
    """Explain why the Hub does not show a repository."""
    if answer.headers.get("x-error-code") == "RevisionNotFound":
        return f"The Hub has no revision {ref!r} of {repository}."
    hint = ""
    if answer.status in DENIED and settings.HF_TOKEN:
        hint = " If you can see it yourself, this registry's HF_TOKEN may have expired."
    return f"The Hub says that {repository} does not exist or is private.{hint}"


def may_read(kind: SourceKind, repository: str, inquiry: Inquiry) -> bool:
    """Return whether the Hub lets us read the files of a gated repository."""
    path = f"{api_path(kind)}/{quote(repository)}/auth-check"
    return hub().get(path, inquiry=inquiry, accept="*/*", also=ABSENT).status not in DENIED


def list_tree(
    kind: SourceKind, repository: str, commit: str, inquiry: Inquiry
) -> list[dict[str, Any]] | None:
    """Return the files of a repository, page by page, until there are more than we can store.

    Returns:
        None if the Hub does not let us read the list.

    Raises:
        SourceRefused: a page's link leads away from the Hub.
    """
    tree = f"{api_path(kind)}/{quote(repository)}/tree/{commit}"
    url: str | None = f"{tree}?recursive=true&expand=false"
    files: list[dict[str, Any]] = []
    while url and len(files) <= FILES_MAX:
        answer = hub().get(url, inquiry=inquiry, also=DENIED)
        if answer.status in DENIED:
            return None
        entries = answer.json()
        if not isinstance(entries, list):
            raise SourceUnavailable("The Hub's file list has another form than documented.")
        files += (each for each in entries if isinstance(each, dict) and each.get("type") == "file")
        url = _next_page(answer)
    return files


def get_refs(kind: SourceKind, repository: str, inquiry: Inquiry) -> dict[str, Any]:
    """Return a repository's refs; empty if the Hub does not tell them.

    Their form is `{"branches": [{"name": ..., "ref": ..., "targetCommit": ...}], "tags": [...]}`.
    """
    path = f"{api_path(kind)}/{quote(repository)}/refs"
    answer = hub().get(path, inquiry=inquiry, also=ABSENT)
    refs = answer.json() if answer.status not in ABSENT else {}
    return refs if isinstance(refs, dict) else {}


def read_ref_tags(refs: dict[str, Any]) -> dict[str, str]:
    """Return the tags among a repository's refs, each with its target commit."""
    return stated_tags(refs.get("tags"), lambda tag: tag.get("targetCommit"))


def get_file(
    kind: SourceKind, repository: str, commit: str, path: str, max_bytes: int, inquiry: Inquiry
) -> Answer:
    """Return a small file, cut at `max_bytes`; its status may be 401, 403 or 404.

    `raw` takes one request, `resolve` two, since it redirects. But `raw` has a stricter rate limit,
    returns only the pointer of a file stored outside git, and some mirrors of the Hub lack it; then
    `resolve` is used.
    """
    prefix = "/datasets" if kind == SourceKind.HUGGINGFACE_DATASET else ""
    place = f"{prefix}/{quote(repository)}/{{}}/{commit}/{quote(path)}"
    get = partial(
        hub().get,
        inquiry=inquiry,
        max_bytes=max_bytes,
        accept="*/*",
        cut=True,
    )
    raw = get(place.format("raw"), also=(*ABSENT, _TOO_MANY))
    is_final = raw.status in (_OK, *DENIED) or raw.headers.get("x-error-code") == "EntryNotFound"
    if is_final and not raw.body.startswith(POINTER_START):
        return raw
    return get(place.format("resolve"), also=ABSENT)


def api_path(kind: SourceKind) -> str:
    """Return the API path of a kind of repository."""
    return "/api/datasets" if kind == SourceKind.HUGGINGFACE_DATASET else "/api/models"


def _next_page(answer: Answer) -> str | None:
    """Return the path of the next page below the endpoint, None after the last.

    A mirror names it at the Hub, or at itself by another scheme or port than we reach it by.

    Raises:
        SourceRefused: it is neither on the Hub nor on the mirror that was asked.
    """
    address = _find_next(answer.headers.get("link", ""))
    if address is None:
        return None
    endpoint = urlsplit(settings.HF_ENDPOINT)
    try:
        page = urlsplit(urljoin(answer.url, address))
    except ValueError:
        page = urlsplit("")
    if page.hostname not in (*HOSTS, endpoint.hostname):
        raise SourceRefused("The Hub's file list continues at another host.")
    return urlunsplit(("", "", page.path.removeprefix(endpoint.path), page.query, ""))


def _find_next(links: str) -> str | None:
    """Return the address in a Link header that leads to the next page, None if there is none.

    RFC 8288: `<address>; rel="next"`, with further links after commas.
    """
    for link in links.split("<")[1:]:
        address, _, parameters = link.partition(">")
        named = (each.strip(" ,").replace('"', "").lower() for each in parameters.split(";"))
        relations = (each.removeprefix("rel=").split() for each in named if each[:4] == "rel=")
        # An empty address is the page itself, which would come back for ever.
        if address and any("next" in each for each in relations):
            return address
    return None
