"""One function per endpoint of the Hub that is asked.

Source: the Hub's API documentation (`/docs/hub/api`), and the answers that its official client
relies on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import FILES_MAX
from artifacts.sources.base import Deadline
from artifacts.sources.http import Answer, Client, origin

# Under way or over: the Hub answers 401 for what does not exist, so that names leak nothing.
DENIED = (401, 403)
_ABSENT = (401, 403, 404)
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


def hub() -> Client:
    """Return the client of the Hub that the settings name."""
    return Client(settings.HF_ENDPOINT, settings.HF_TOKEN)


def get_info(kind: SourceKind, repository: str, ref: str, deadline: Deadline) -> dict[str, Any]:
    """Return what the Hub says about a repository at a ref.

    Raises:
        SourceRefused: there is no such repository or ref, or it is private.
    """
    path = f"{_api(kind)}/{quote(repository)}/revision/{quote(ref, safe='')}"
    answer = hub().get(path, deadline=deadline, also=_ABSENT)
    if answer.status in _ABSENT:
        if answer.headers.get("x-error-code") == "RevisionNotFound":
            raise SourceRefused(f"The Hub has no revision {ref!r} of {repository}.")
        raise SourceRefused(f"The Hub says that {repository} does not exist or is private.")
    info = answer.json()
    if not isinstance(info, dict) or not isinstance(info.get("id"), str):
        raise SourceUnavailable("The Hub's answer has another form than documented.")
    return info


def list_tree(
    kind: SourceKind, repository: str, commit: str, deadline: Deadline
) -> Iterator[dict[str, Any]]:
    """Yield the entries of a repository, page by page; `denied` ends it without any.

    Raises:
        SourceRefused: a page's link leads away from the Hub.
    """
    url: str | None = f"{_api(kind)}/{quote(repository)}/tree/{commit}?recursive=true&expand=false"
    seen = 0
    while url:
        answer = hub().get(url, deadline=deadline)
        entries = answer.json()
        if not isinstance(entries, list):
            raise SourceUnavailable("The Hub's file list has another form than documented.")
        yield from (entry for entry in entries if isinstance(entry, dict))
        seen += len(entries)
        if seen > 2 * FILES_MAX:
            raise SourceRefused(f"The Hub lists over {FILES_MAX:,} files, more than are kept.")
        url = _next_page(answer)


def list_tags(kind: SourceKind, repository: str, deadline: Deadline) -> tuple[str, ...]:
    """Return the names of a repository's tags; none when the Hub will not say."""
    path = f"{_api(kind)}/{quote(repository)}/refs"
    answer = hub().get(path, deadline=deadline, also=_ABSENT)
    refs = answer.json() if answer.status not in _ABSENT else {}
    tags = refs.get("tags") if isinstance(refs, dict) else None
    return tuple(
        tag["name"]
        for tag in (tags if isinstance(tags, list) else [])
        if isinstance(tag, dict) and isinstance(tag.get("name"), str)
    )


def get_file(
    kind: SourceKind, repository: str, commit: str, path: str, max_bytes: int, deadline: Deadline
) -> Answer:
    """Return a small file, cut at `max_bytes`; its status may be 401, 403 or 404."""
    prefix = "/datasets" if kind == SourceKind.HUGGINGFACE_DATASET else ""
    return hub().get(
        f"{prefix}/{quote(repository)}/resolve/{commit}/{quote(path)}",
        deadline=deadline,
        max_bytes=max_bytes,
        accept="*/*",
        also=_ABSENT,
        cut=True,
    )


def _api(kind: SourceKind) -> str:
    """Return the path of a repository type's API."""
    return "/api/datasets" if kind == SourceKind.HUGGINGFACE_DATASET else "/api/models"


def _next_page(answer: Answer) -> str | None:
    """Return the address of the next page, None after the last."""
    found = _NEXT.search(answer.headers.get("link", ""))
    if found is None:
        return None
    if origin(found[1]) != origin(settings.HF_ENDPOINT):
        raise SourceRefused("The Hub's file list continues at another host.")
    return found[1]
