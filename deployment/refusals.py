"""Refusals that the smoke test need not wait out: when they count as final, and what to do then.

Like all of the smoke test, it uses the standard library only.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from deployment.client import Answer
from deployment.limits import GATEWAY_REFUSED_S, REFUSED_S

# 4xx answers that may change: the client was too slow, too early or asked too often.
_WORTH_WAITING = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


def is_final(answer: Answer) -> bool:
    """Say whether waiting cannot change an answer.

    No answer, 5xx, and a client that came too early or too often may all change.
    """
    is_refused = HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_refused and answer.status not in _WORTH_WAITING


def patience_s(answer: Answer) -> float:
    """Return how long a final answer must be repeated before it ends the test."""
    return REFUSED_S if "x-request-id" in answer.headers else GATEWAY_REFUSED_S


def advice_for(answer: Answer) -> str:
    """Return what to do about a final answer of `/health`."""
    if target := answer.headers.get("location"):
        return f"The address leads to {target}: give that one (URL=https://..., REGISTRY_BASE_URL)."
    if answer.status == HTTPStatus.BAD_REQUEST:
        host = urlsplit(answer.url).hostname
        return f"Check that DJANGO_ALLOWED_HOSTS has {host}, and deploy again."
    return (
        "Check that the address belongs to this stage, path included, and that nothing in front of "
        "the registry keeps strangers out (a policy, keys, a firewall): /health is for everybody."
    )
