"""A cache of answers, so that many models of the same repository ask for it only once.

A fresh answer is used as it is. An older one is revalidated by its ETag, which GitHub does not
count against the rate limit if a token is sent. An answer of today is used while the source is
silent or its rate limit is spent. Source: RFC 9111 (caching), RFC 9110 section 13 (conditional
requests), RFC 5861 (stale-if-error).
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
from artifacts.sources.http import Answer, Client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.parallel import at_once

logger = logging.getLogger(__name__)

_OK, _NOT_MODIFIED = 200, 304
_ETAG_MAX_CHARS = 255


@dataclass(frozen=True)
class Question:
    """A request to a source.

    Attributes:
        also: statuses that count as answers, not as errors.
        content: JSON to send by POST; None for GET.
    """

    path: str
    accept: str = "application/json"
    also: tuple[int, ...] = ()
    content: bytes | None = None


def ask(client: Client, question: Question, inquiry: Inquiry) -> Answer:
    """Return the cached answer or, if it may have changed, a new one.

    Raises:
        SourceUnavailable: see `Client.get`; not if an answer of today is cached.
        SourceRefused: see `Client.get`.
    """
    (answer,) = ask_all(client, (question,), inquiry)
    if isinstance(answer, SourceError):
        raise answer
    return answer


def ask_all(
    client: Client, questions: Sequence[Question], inquiry: Inquiry
) -> list[Answer | SourceError]:
    """Ask several questions at once; return for each the answer or the error.

    Only the calling thread uses the database: connections that the pool's threads opened would
    never be closed.
    """
    keys = [_key(client, question) for question in questions]
    told: dict[str, Answer] = {
        key: answer for key in keys if (answer := inquiry.find_answer(key)) is not None
    }
    kept = _find([key for key in keys if key not in told])
    calls = [
        partial(_ask, client, question, kept.get(key), inquiry)
        for key, question in zip(keys, questions, strict=True)
        if key not in told
    ]
    asked = iter(at_once(*calls) if calls else ())
    answers = [told[key] if key in told else next(asked) for key in keys]
    fresh = [
        _row(key, answer)
        for key, question, answer in zip(keys, questions, answers, strict=True)
        if key not in told
        and isinstance(answer, Answer)
        and _is_news(answer, kept.get(key))
        and _is_whole(question, answer)
    ]
    _keep(fresh)
    return answers


def remember(client: Client, question: Question, answer: Answer, inquiry: Inquiry) -> None:
    """Let the rest of a piece of work use an answer that the source itself just gave.

    Unlike the cache, this needs no database, so threads may do it.
    """
    inquiry.keep_answer(_key(client, question), answer)


def is_remembered(client: Client, question: Question, inquiry: Inquiry) -> bool:
    """Whether the same piece of work has the answer already."""
    return inquiry.find_answer(_key(client, question)) is not None


def _ask(
    client: Client, question: Question, kept: CachedAnswer | None, inquiry: Inquiry
) -> Answer | SourceError:
    """Ask one question, unless the cached answer is fresh."""
    url = client.make_url(question.path)
    if kept is not None and _age_s(kept) <= CACHE_FRESH_S:
        return _shown(kept, url)
    etag = kept.etag if kept is not None else ""
    try:
        answer = client.get(
            question.path,
            inquiry=inquiry,
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
    """Return a cached answer; it has headers only if the source just confirmed it."""
    return Answer(_OK, headers or {}, bytes(kept.body), url)


def _is_news(answer: Answer, kept: CachedAnswer | None) -> bool:
    """Whether to cache an answer: it arrived or was confirmed just now (see `_shown`)."""
    from_source = bool(answer.headers) or kept is None
    return answer.status == _OK and from_source and len(answer.body) <= CACHE_BODY_MAX_BYTES


def _is_whole(question: Question, answer: Answer) -> bool:
    """Whether an answer can be what was asked for; a page of some proxy would be kept for minutes.

    A look at both ends: reading a list of a hundred thousand files only for that costs too much.
    """
    if "json" not in question.accept:
        return True
    body = answer.body.strip()
    return body[:1] + body[-1:] in (b"{}", b"[]")


def forget_old_answers() -> int:
    """Remove answers that were not used for a while; return their number."""
    before = timezone.now() - timedelta(seconds=CACHE_KEPT_S)
    count, _ = CachedAnswer.objects.filter(confirmed_at__lt=before).delete()
    return count


def _key(client: Client, question: Question) -> str:
    """Return the cache key of a question, which differs with and without a token."""
    url = client.make_url(question.path).encode()
    token = b"token" if client.token else b""
    parts = (url, question.accept.encode(), question.content or b"", token)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _age_s(kept: CachedAnswer) -> float:
    """Return the seconds since the source last confirmed an answer."""
    return (timezone.now() - kept.confirmed_at).total_seconds()


def _row(key: str, answer: Answer) -> CachedAnswer:
    """Return the row that caches an answer."""
    etag = answer.headers.get("etag", "")
    return CachedAnswer(
        key=key,
        url=answer.url[:URL_MAX_CHARS],
        etag=etag if len(etag) <= _ETAG_MAX_CHARS else "",
        body=answer.body,
        confirmed_at=timezone.now(),
    )


def _find(keys: Sequence[str]) -> dict[str, CachedAnswer]:
    """Return the cached answers; none if the database fails, since this is only a cache."""
    try:
        return CachedAnswer.objects.in_bulk(keys)
    except DatabaseError as error:
        logger.warning("cache.failed", extra={"reason": str(error)})
        return {}


def _keep(rows: Sequence[CachedAnswer]) -> None:
    """Cache answers, replacing older ones, in one statement."""
    try:
        CachedAnswer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["url", "etag", "body", "confirmed_at"],
        )
    except DatabaseError as error:
        logger.warning("cache.failed", extra={"reason": str(error)})
