"""One function per endpoint of the Hub that is asked.

Source: the Hub's API documentation (`/docs/hub/api`), and the answers that its official client
relies on.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from django.conf import settings

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import FILES_MAX
from artifacts.sources.base import Deadline
from artifacts.sources.destinations import origin
from artifacts.sources.forms import stated_repository, stated_tags
from artifacts.sources.http import Answer, Client

DENIED = (401, 403)
# The Hub answers 401 for what does not exist too, so that names leak nothing.
ABSENT = (401, 403, 404)
_OK, _TOO_MANY = 200, 429
# How the pointer of a large file begins (Git LFS specification, v1).
_POINTER = b"version https://git-lfs.github.com/spec/v1"


def hub() -> Client:
    """Return the client of the Hub that the settings name."""
    return Client(settings.HF_ENDPOINT, settings.HF_TOKEN)


def get_info(kind: SourceKind, repository: str, ref: str, deadline: Deadline) -> dict[str, Any]:
    """Return what the Hub says about a repository at a ref.

    Raises:
        SourceRefused: there is no such repository or ref, or it is private.
    """
    path = f"{api_path(kind)}/{quote(repository)}/revision/{quote(ref, safe='')}"
    answer = hub().get(path, deadline=deadline, also=ABSENT)
    if answer.status in ABSENT:
        raise SourceRefused(_why_absent(answer, repository, ref))
    info = answer.json()
    if not isinstance(info, dict):
        raise SourceUnavailable("The Hub's answer has another form than documented.")
    stated_repository(info.get("id"), "The Hub")
    return info


def _why_absent(answer: Answer, repository: str, ref: str) -> str:
    """Say why the Hub gives nothing about a repository."""
    if answer.headers.get("x-error-code") == "RevisionNotFound":
        return f"The Hub has no revision {ref!r} of {repository}."
    if "disabled" in answer.headers.get("x-error-message", ""):
        return f"The Hub has disabled {repository}."
    hint = ""
    if answer.status in DENIED and settings.HF_TOKEN:
        hint = " If you can see it yourself, this registry's HF_TOKEN may have expired."
    return f"The Hub says that {repository} does not exist or is private.{hint}"


def may_read(kind: SourceKind, repository: str, deadline: Deadline) -> bool:
    """Return whether the Hub gives us the files of a gated repository."""
    path = f"{api_path(kind)}/{quote(repository)}/auth-check"
    return hub().get(path, deadline=deadline, accept="*/*", also=ABSENT).status not in DENIED


def list_tree(
    kind: SourceKind, repository: str, commit: str, deadline: Deadline
) -> list[dict[str, Any]] | None:
    """Return the files of a repository, page by page, until they are more than can be kept.

    Returns:
        None when the Hub does not give the list to us.

    Raises:
        SourceRefused: a page's link leads away from the Hub.
    """
    tree = f"{api_path(kind)}/{quote(repository)}/tree/{commit}"
    url: str | None = f"{tree}?recursive=true&expand=false"
    files: list[dict[str, Any]] = []
    while url and len(files) <= FILES_MAX:
        answer = hub().get(url, deadline=deadline, also=DENIED)
        if answer.status in DENIED:
            return None
        entries = answer.json()
        if not isinstance(entries, list):
            raise SourceUnavailable("The Hub's file list has another form than documented.")
        files += (each for each in entries if isinstance(each, dict) and each.get("type") == "file")
        url = _next_page(answer)
    return files


def list_tags(kind: SourceKind, repository: str, deadline: Deadline) -> tuple[str, ...]:
    """Return the names of a repository's tags; none when the Hub will not say."""
    path = f"{api_path(kind)}/{quote(repository)}/refs"
    answer = hub().get(path, deadline=deadline, also=ABSENT)
    refs = answer.json() if answer.status not in ABSENT else {}
    return stated_tags(refs.get("tags") if isinstance(refs, dict) else None)


def get_file(
    kind: SourceKind, repository: str, commit: str, path: str, max_bytes: int, deadline: Deadline
) -> Answer:
    """Return a small file, cut at `max_bytes`; its status may be 401, 403 or 404.

    `raw` costs one request where `resolve` redirects and costs two. It is limited more strictly,
    gives the pointer of a file that is kept outside git, and not every mirror of the Hub has it:
    then `resolve` is asked.
    """
    prefix = "/datasets" if kind == SourceKind.HUGGINGFACE_DATASET else ""
    place = f"{prefix}/{quote(repository)}/{{}}/{commit}/{quote(path)}"
    get = partial(
        hub().get,
        deadline=deadline,
        max_bytes=max_bytes,
        accept="*/*",
        cut=True,
    )
    raw = get(place.format("raw"), also=(*ABSENT, _TOO_MANY))
    is_final = raw.status in (_OK, *DENIED) or raw.headers.get("x-error-code") == "EntryNotFound"
    if is_final and not raw.body.startswith(_POINTER):
        return raw
    return get(place.format("resolve"), also=ABSENT)


def api_path(kind: SourceKind) -> str:
    """Return the path of a repository type's API."""
    return "/api/datasets" if kind == SourceKind.HUGGINGFACE_DATASET else "/api/models"


def _is_of_hub(address: str) -> bool:
    """Whether an address is one on the Hub."""
    try:
        return origin(address) == origin(settings.HF_ENDPOINT)
    except ValueError:
        return False


def _next_page(answer: Answer) -> str | None:
    """Return the address of the next page, None after the last."""
    # RFC 8288: `<address>; rel="next"`, and others after commas.
    for link in answer.headers.get("link", "").split("<")[1:]:
        address, _, parameters = link.partition(">")
        if parameters.replace(" ", "").startswith(';rel="next"'):
            if not _is_of_hub(address):
                raise SourceRefused("The Hub's file list continues at another host.")
            return address
    return None
