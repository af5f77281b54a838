"""Follows the links of pages as somebody would, from the front page on."""

from collections import Counter, deque
from collections.abc import Iterable
from typing import cast
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.functional.web.structure import read

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# Pages of one route with the same parameters differ by what they are about; the first few do.
_OF_A_KIND = 2
# Facets and filters can be chosen in all combinations; beyond this, links are not followed on.
_PARAMETERS_MAX = 1
_SEVERAL = frozenset(("several parameters",))
_PAGES_MAX = 800


def crawl(client: Client, *starts: str) -> dict[str, tuple[int, str]]:
    """Return the status of each address on this site, and which page links to it."""
    waiting = deque((start, "") for start in starts or ("/",))
    kinds: Counter[tuple[str, frozenset[str]]] = Counter()
    found: dict[str, tuple[int, str]] = {}
    while waiting:
        address, page = waiting.popleft()
        address = urldefrag(address).url
        kind = _kind_of(address)
        if address in found or kinds[kind] >= _OF_A_KIND:
            continue
        kinds[kind] += 1
        assert len(found) < _PAGES_MAX, "pages without end"
        answer = client.get(address, headers={"Accept": BROWSER})
        found[address] = (answer.status_code, page)
        if answer.status_code in (301, 302):
            waiting.append((urljoin(address, answer["Location"]), address))
        elif kind[1] != _SEVERAL and "html" in answer.get("Content-Type", ""):
            links = read(answer.content.decode()).anchors
            waiting.extend((urljoin(address, each), address) for each in links if _is_here(each))
        if isinstance(answer, StreamingHttpResponse):
            # To its end, where it closes its file.
            b"".join(cast("Iterable[bytes]", answer.streaming_content))
    return found


def _is_here(link: str) -> bool:
    """Whether a link leads to this site."""
    parts = urlsplit(link)
    return not parts.scheme and not parts.netloc


def _kind_of(address: str) -> tuple[str, frozenset[str]]:
    """Return the route and the parameter of an address; a tab's name is part of its kind."""
    parts = urlsplit(address)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    told = frozenset(f"{key}={word}" if key in ("tab", "sort") else key for key, word in asked)
    told = told if len(told) <= _PARAMETERS_MAX else _SEVERAL
    try:
        return resolve(parts.path).route, told
    except Resolver404:
        return parts.path, told
