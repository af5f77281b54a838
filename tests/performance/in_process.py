"""The parts of `make bench` that run inside Django, on a database of their own."""

import itertools
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from artifacts.enums import ArtifactType, ContentState, SourceKind
from artifacts.models import (
    DEFAULT_ADMIN_USERNAME,
    AccessToken,
    Artifact,
    AuditEntry,
    File,
    Revision,
    SearchDocument,
    User,
)
from artifacts.services import authentication, reset
from artifacts.services.users import ensure_administrator
from tests.factories.evidence import rich_evidence
from tests.factories.ratings import make_rating

Figures = list[tuple[str, str]]
READS = 2_000
README_WORDS = 300  # about 2 kB
BATCH = 5_000
# Any word list would do; a fixed seed makes every run search the same text.
SYLLABLES = [a + b for a in "bcdfghklmnprstvz" for b in "aeiou"]


def words(random_: random.Random, count: int) -> str:
    return " ".join(
        "".join(random_.choices(SYLLABLES, k=random_.randint(1, 4))) for _ in range(count)
    )


def fill(rows: int) -> None:
    """Write so many artifacts straight into the tables."""
    random_ = random.Random(7)
    ensure_administrator()
    started_us = 1_700_000_000_000_000
    created_at = datetime.fromtimestamp(started_us / 1e6, UTC)
    types = list(ArtifactType)
    for start in range(0, rows, BATCH):
        numbers = range(start, min(rows, start + BATCH))
        artifacts = [
            Artifact(
                id=f"{types[n % 3].value}-{n}-{started_us + n}",
                type=types[n % 3],
                name=f"{words(random_, 2).replace(' ', '-')}-{n}",
                source_key=f"bench:{n}",
                created_us=started_us + n,
                uploader_name="bench",
            )
            for n in numbers
        ]
        Artifact.objects.bulk_create(artifacts)
        revisions = Revision.objects.bulk_create(
            Revision(
                artifact=artifact,
                number=1,
                url="https://huggingface.co/bench/model",
                source_kind=SourceKind.HUGGINGFACE_MODEL,
                repository="bench/model",
                content_state=ContentState.STORED,
                created_at=created_at,
                created_by="bench",
            )
            for artifact in artifacts
        )
        for artifact, revision in zip(artifacts, revisions, strict=True):
            artifact.current_revision = revision
        Artifact.objects.bulk_update(artifacts, ["current_revision"], batch_size=500)
        SearchDocument.objects.bulk_create(
            SearchDocument(
                artifact=artifact, name=artifact.name, readme=words(random_, README_WORDS)
            )
            for artifact in artifacts
        )
        File.objects.bulk_create(
            File(revision=revision, path="README.md", part="card", size_bytes=2_000)
            for revision in revisions
        )
        AuditEntry.objects.bulk_create(
            AuditEntry(
                artifact_id=artifact.id,
                artifact_type=artifact.type,
                artifact_name=artifact.name,
                user_name="bench",
                user_is_admin=True,
                action="CREATE",
                created_at=created_at,
            )
            for artifact in artifacts
        )


def median_ms(calls: list[Callable[[], object]], rounds: int) -> list[float]:
    """Time several things in turns, so that all meet the same weather."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, taken in zip(calls, times, strict=True):
            started = time.perf_counter()
            call()
            taken.append((time.perf_counter() - started) * 1000)
    return [statistics.median(taken) for taken in times]


def bare(_request: HttpRequest, key: str) -> HttpResponse:
    """One primary-key query and nothing else."""
    artifact = Artifact.objects.get(pk=key)
    return JsonResponse({"id": artifact.id, "name": artifact.name, "type": artifact.type})


def read(_rows: int) -> Figures:
    """Read by id, with its token, against a bare view behind the same middleware."""
    from django.core.handlers.base import BaseHandler

    from registry_site.urls import urlpatterns

    urlpatterns.append(path("bench/<str:key>", bare))
    user = User.objects.get(username=DEFAULT_ADMIN_USERNAME)
    token = authentication.issue_token(username=user.username, password=_password())
    AccessToken.objects.update(calls_left=10 * READS)
    rows = Artifact.objects.order_by("created_us").values_list("id", "type")[:READS]
    keys = itertools.cycle(list(rows))
    rated = Artifact.objects.filter(type=ArtifactType.MODEL).select_related("current_revision")
    rated_models = list(rated.order_by("created_us")[:READS])
    for artifact in rated_models:
        make_rating(artifact, rich_evidence())
    models = itertools.cycle([artifact.id for artifact in rated_models])
    factory = RequestFactory()
    handler = BaseHandler()
    with override_settings(ALLOWED_HOSTS=["*"]):
        handler.load_middleware()

        def plain() -> None:
            key, _ = next(keys)
            answer = handler.get_response(factory.get(f"/bench/{key}"))
            if answer.status_code != 200:
                raise RuntimeError(answer.content)

        def ours() -> None:
            key, kind = next(keys)
            request = factory.get(f"/artifacts/{kind}/{key}", headers={"X-Authorization": token})
            answer = handler.get_response(request)
            if answer.status_code != 200:
                raise RuntimeError(answer.content)

        def rate() -> None:
            request = factory.get(
                f"/artifact/model/{next(models)}/rate", headers={"X-Authorization": token}
            )
            answer = handler.get_response(request)
            if answer.status_code != 200:
                raise RuntimeError(answer.content)

        plain_ms, ours_ms, rate_ms = median_ms([plain, ours, rate], READS)
    return [
        ("read by id with its token, against a bare view (goal: at most 2)",
         f"{ours_ms / plain_ms:.2f} times ({ours_ms:.2f} ms against {plain_ms:.2f} ms)"),
        ("rate, against reading by id (goal: at most 1.2)",
         f"{rate_ms / ours_ms:.2f} times ({rate_ms:.2f} ms against {ours_ms:.2f} ms)"),
    ]  # fmt: skip


def _password() -> str:
    from artifacts.services.passwords import PUBLISHED_PASSWORDS

    return PUBLISHED_PASSWORDS[0]


def search(rows: int) -> Figures:
    """Listing and regular expressions."""
    from tests.performance import search_bench

    return search_bench.run(rows)


def reset_(rows: int) -> Figures:
    """A reset of everything."""
    user = User.objects.get(username=DEFAULT_ADMIN_USERNAME)
    started = time.perf_counter()
    reset.reset_registry(user=user, token_digest=None)
    seconds = time.perf_counter() - started
    if Artifact.objects.exists():
        raise RuntimeError("the reset left artifacts behind")
    return [
        (f"reset of {rows:,} artifacts on {connection.vendor}: database work (goal: under 2 s)",
         f"{seconds:.2f} s")
    ]  # fmt: skip
