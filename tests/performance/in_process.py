"""The parts of `make bench` that run inside Django, on a database of their own."""

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from artifacts.enums import ArtifactType, AuditAction, ContentState, Part, SourceKind
from artifacts.limits import RATING_GITHUB_REQUESTS_MAX, RATING_HUB_REQUESTS_MAX
from artifacts.models import (
    DEFAULT_ADMIN_USERNAME,
    AccessToken,
    Artifact,
    AuditEntry,
    CachedAnswer,
    File,
    Revision,
    SearchDocument,
    User,
)
from artifacts.services.access import authentication
from artifacts.services.access.users import ensure_administrator
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.trust.rating import complete_rating
from artifacts.services.upkeep import reset
from tests.factories.evidence import rich_evidence
from tests.factories.ratings import make_rating
from tests.fakes.kinds import KINDS, GitHub, Kind
from tests.fakes.loopback import serve

Figures = list[tuple[str, str]]
READS = 2_000
README_WORDS = 300  # about 2 kB
# A server is taken for lost when a statement takes longer than a request may.
BATCH = 1_000
# Any word list would do; a fixed seed makes every run search the same text.
SYLLABLES = [a + b for a in "bcdfghklmnprstvz" for b in "aeiou"]


def words(random_: random.Random, count: int) -> str:
    return " ".join(
        "".join(random_.choices(SYLLABLES, k=random_.randint(1, 4))) for _ in range(count)
    )


def fill(rows: int) -> None:
    """Write so many artifacts straight into the tables."""
    with _patience():
        _fill(rows)


def _fill(rows: int) -> None:
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
            File(revision=revision, path="README.md", part=Part.CARD, size_bytes=2_000)
            for revision in revisions
        )
        AuditEntry.objects.bulk_create(
            AuditEntry(
                artifact_id=artifact.id,
                artifact_type=ArtifactType(artifact.type),
                artifact_name=artifact.name,
                user_name="bench",
                user_is_admin=True,
                action=AuditAction.CREATE,
                created_at=created_at,
            )
            for artifact in artifacts
        )


@contextmanager
def _patience() -> Iterator[None]:
    """Let statements take as long as they will: an index of words is tidied now and then."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.connection.silent_for(None):
        yield


def settle() -> None:
    """Have the database know what it holds, as it would after a quiet minute."""
    with _patience(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


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

    # Before the Hub's routes, of which one takes any two words.
    urlpatterns.insert(0, path("bench/<str:key>", bare))
    user = User.objects.get(username=DEFAULT_ADMIN_USERNAME)
    token = authentication.issue_token(username=user.username, password=password())
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
                raise RuntimeError(answer)

        def ours() -> None:
            key, kind = next(keys)
            request = factory.get(f"/artifacts/{kind}/{key}", headers={"X-Authorization": token})
            answer = handler.get_response(request)
            if answer.status_code != 200:
                raise RuntimeError(answer)

        def rate() -> None:
            request = factory.get(
                f"/artifact/model/{next(models)}/rate", headers={"X-Authorization": token}
            )
            answer = handler.get_response(request)
            if answer.status_code != 200:
                raise RuntimeError(answer)

        plain_ms, ours_ms, rate_ms = median_ms([plain, ours, rate], READS)
    return [
        ("read by id with its token, against a bare view (goal: at most 2)",
         f"{ours_ms / plain_ms:.2f} times ({ours_ms:.2f} ms against {plain_ms:.2f} ms)"),
        ("rate, against reading by id (goal: at most 1.2)",
         f"{rate_ms / ours_ms:.2f} times ({rate_ms:.2f} ms against {ours_ms:.2f} ms)"),
    ]  # fmt: skip


def password() -> str:
    from artifacts.services.access.passwords import PUBLISHED_PASSWORDS

    return PUBLISHED_PASSWORDS[0]


def search(rows: int) -> Figures:
    """Listing and regular expressions."""
    from tests.performance import search_bench

    return search_bench.run(rows)


def pages(rows: int) -> Figures:
    """What pages for people and for staff cost."""
    from tests.performance import pages_bench

    return pages_bench.run(rows)


def hub(rows: int) -> Figures:
    """What the Hub's clients cost."""
    from tests.performance import hub_bench

    return hub_bench.run(rows)


def requests(_rows: int) -> Figures:
    """How many requests a registration takes of the Hub and of GitHub, by kind of model."""
    ensure_administrator()
    goal = f"goal: {RATING_HUB_REQUESTS_MAX} and {RATING_GITHUB_REQUESTS_MAX}"
    figures = []
    for kind in KINDS:
        for token in ("secret", ""):
            (hub, github), (hub_later, github_later) = count_requests(kind, token)
            what = f"requests, model with {kind.__name__.replace('_', ' ')}"
            figures.append((
                f"{what}, {'a' if token else 'no'} token ({goal})",
                f"Hub {hub}, GitHub {github}; in the follow-up {hub_later} and {github_later}",
            ))  # fmt: skip
    return figures


def count_requests(kind: Kind, token: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """How often Hub and GitHub are asked by a registration, and then by its follow-up."""
    github = GitHub()
    with ExitStack() as stack:
        hub = stack.enter_context(serve())
        stack.enter_context(serve(github))
        stack.enter_context(override_settings(
            HF_ENDPOINT=hub.url,
            GITHUB_API_URL=github.url,
            GITHUB_TOKEN=token,
            REGISTRY_PRIVATE_HOSTS=(hub.host, github.host),
            REGISTRY_TASKS="worker",
        ))  # fmt: skip
        user = User.objects.get(username=DEFAULT_ADMIN_USERNAME)
        url = kind(hub, github)
        made = register_artifact(artifact_type=ArtifactType.MODEL, url=url, name=None, user=user)
        at_once = len(hub.asked), len(github.asked)
        complete_rating(artifact_id=made.artifact.id)
        later = len(hub.asked) - at_once[0], len(github.asked) - at_once[1]
        made.artifact.delete()
        CachedAnswer.objects.all().delete()
    return at_once, later


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
