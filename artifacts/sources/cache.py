"""Answers that are kept, so that many models of one repository ask for it once.

A fresh answer is used as it is; an older one is confirmed by its ETag, which GitHub does not count
against its limit when a token is sent; one of today stands in while a source is silent or its limit
is spent. Source: RFC 9111 (caching), RFC 9110 section 13 (conditional requests), RFC 5861
(stale-if-error).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import DatabaseError
from django.utils import timezone

from artifacts.exceptions import SourceError, SourceUnavailable
from artifacts.limits import (
    CACHE_BODY_MAX_BYTES,
    CACHE_FRESH_S,
    CACHE_KEPT_S,
    CACHE_STALE_S,
    URL_MAX_CHARS,
)
from artifacts.models import CachedAnswer
from artifacts.sources.base import Deadline
from artifacts.sources.http import Answer, Client
from artifacts.sources.parallel import at_once

logger = logging.getLogger(__name__)

_OK, _NOT_MODIFIED = 200, 304
_ETAG_MAX_CHARS = 255


@dataclass(frozen=True)
class Question:
    """What is asked of a source.

    Attributes:
        also: statuses that are answers too.
        content: JSON to send by POST; None for GET.
    """

    path: str
    accept: str = "application/json"
    also: tuple[int, ...] = ()
    content: bytes | None = None


def ask(client: Client, question: Question, deadline: Deadline) -> Answer:
    """Return an answer that is kept or, if it may have changed, a new one.

    Raises:
        SourceUnavailable, SourceRefused: see `Client.get`; not while an answer of today is kept.
    """
    (answer,) = ask_all(client, (question,), deadline)
    if isinstance(answer, SourceError):
        raise answer
    return answer


def ask_all(
    client: Client, questions: Sequence[Question], deadline: Deadline
) -> list[Answer | SourceError]:
    """Return the answers to several questions that are asked at once, or why there is none.

    The database is asked by the calling thread alone: connections that the threads of the pool
    opened would never be closed.
    """
    keys = [_key(client, question) for question in questions]
    kept = _find(keys)
    calls = [
        partial(_ask, client, question, kept.get(key), deadline)
        for key, question in zip(keys, questions, strict=True)
    ]
    answers = list(at_once(*calls))
    fresh = [
        _row(key, answer)
        for key, answer in zip(keys, answers, strict=True)
        if isinstance(answer, Answer) and _is_news(answer, kept.get(key))
    ]
    _keep(fresh)
    return answers


def _ask(
    client: Client, question: Question, kept: CachedAnswer | None, deadline: Deadline
) -> Answer | SourceError:
    """Ask one question, unless what is kept answers it."""
    url = client.url_of(question.path)
    if kept is not None and _age_s(kept) <= CACHE_FRESH_S:
        return _shown(kept, url)
    etag = kept.etag if kept is not None else ""
    try:
        answer = client.get(
            question.path,
            deadline=deadline,
            accept=question.accept,
            also=(*question.also, _NOT_MODIFIED) if etag else question.also,
            method="GET" if question.content is None else "POST",
            etag=etag,
            content=question.content,
        )
    except SourceUnavailable as error:
        if kept is None or _age_s(kept) > CACHE_STALE_S:
            return error
        logger.info("cache.stale_used", extra={"url": url, "reason": error.message})
        return _shown(kept, url)
    except SourceError as error:
        return error
    if answer.status == _NOT_MODIFIED and kept is not None:
        return _shown(kept, url, {"etag": kept.etag})
    return answer


def _shown(kept: CachedAnswer, url: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return what is kept as an answer; it has headers only when the source confirmed it."""
    return Answer(_OK, headers or {}, bytes(kept.body), url)


def _is_news(answer: Answer, kept: CachedAnswer | None) -> bool:
    """Whether an answer is to be kept: it came, or was confirmed, just now (see `_shown`)."""
    from_source = bool(answer.headers) or kept is None
    return answer.status == _OK and from_source and len(answer.body) <= CACHE_BODY_MAX_BYTES


def forget_old_answers() -> int:
    """Remove what nobody has asked for in a while; returns how many answers that were."""
    before = timezone.now() - timedelta(seconds=CACHE_KEPT_S)
    count, _ = CachedAnswer.objects.filter(confirmed_at__lt=before).delete()
    return count


def _key(client: Client, question: Question) -> str:
    """Return what stands for a question; what a token may see is kept apart."""
    url = client.url_of(question.path).encode()
    token = b"token" if client.token else b""
    parts = (url, question.accept.encode(), question.content or b"", token)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _age_s(kept: CachedAnswer) -> float:
    """Return for how long the source has not confirmed an answer."""
    return (timezone.now() - kept.confirmed_at).total_seconds()


def _row(key: str, answer: Answer) -> CachedAnswer:
    """Return an answer as it is kept."""
    etag = answer.headers.get("etag", "")
    return CachedAnswer(
        key=key,
        url=answer.url[:URL_MAX_CHARS],
        etag=etag if len(etag) <= _ETAG_MAX_CHARS else "",
        body=answer.body,
        confirmed_at=timezone.now(),
    )


def _find(keys: Sequence[str]) -> dict[str, CachedAnswer]:
    """Return what is kept; nothing when the database fails, since this is only a cache."""
    try:
        return CachedAnswer.objects.in_bulk(keys)
    except DatabaseError as error:
        logger.warning("cache.failed", extra={"reason": str(error)})
        return {}


def _keep(rows: Sequence[CachedAnswer]) -> None:
    """Keep answers in place of older ones, in one statement."""
    try:
        CachedAnswer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["url", "etag", "body", "confirmed_at"],
        )
    except DatabaseError as error:
        logger.warning("cache.failed", extra={"reason": str(error)})
