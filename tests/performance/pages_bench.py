"""What pages cost on many rows: their time as a ratio to the bare view, queries and size."""

import resource
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from django.test import Client, override_settings
from django.urls import path

from artifacts.enums import ArtifactType
from artifacts.models import DEFAULT_ADMIN_USERNAME, Artifact, User
from artifacts.rules.paging import make_offset
from tests.performance import page_rows

Figures = list[tuple[str, str]]
ROUNDS = 7
RATIO_MAX, QUERIES_MAX, BYTES_MAX = 60, 12, 100_000


def list_pages() -> dict[str, str]:
    """Return the pages that are measured, by what they show."""
    models = list(
        Artifact.objects.filter(type=ArtifactType.MODEL)
        .order_by("created_us")
        .values_list("id", "name", "created_us")[:500]
    )
    middle = Artifact.objects.order_by("created_us").values_list("created_us", flat=True)
    count = middle.count()
    half = make_offset(middle[count // 2], "x")
    model, name, _ = models[21]
    word = name.split("-")[0][:4]

    def catalogue(**asked: str) -> str:
        return f"/catalogue?{urlencode(asked)}"

    return {
        "home": "/",
        "catalogue": "/catalogue",
        "catalogue, further on": catalogue(after=half),
        "catalogue, back": catalogue(before=half),
        **{f"catalogue by {each}": catalogue(sort=each)
           for each in ("score", "name", "smallest", "largest")},
        "catalogue of models": catalogue(type="model"),
        "catalogue of models by score": catalogue(type="model", sort="score"),
        "catalogue of failed ones": catalogue(gate="failed"),
        "catalogue of passed ones": catalogue(gate="passed"),
        "catalogue of passed ones by score": catalogue(gate="passed", sort="score"),
        "catalogue of passed ones by size": catalogue(gate="passed", sort="largest"),
        "catalogue of a license": catalogue(license="permissive"),
        "catalogue of a license by score": catalogue(license="permissive", sort="score"),
        "catalogue of a license by name": catalogue(license="permissive", sort="name"),
        "catalogue of a band of scores": catalogue(score="good"),
        "catalogue of a band of sizes": catalogue(size="large"),
        "catalogue of a task": catalogue(task="other"),
        "catalogue of stored ones": catalogue(content="stored"),
        "catalogue of stored ones by score": catalogue(content="stored", sort="score"),
        "catalogue of failed contents": catalogue(content="failed"),
        "catalogue of a source": catalogue(source="huggingface_model"),
        "catalogue of somebody": catalogue(by="bench"),
        "catalogue with a word": catalogue(q=word),
        "catalogue with two letters": catalogue(q="ba"),
        "catalogue with a name": catalogue(q=name),
        "catalogue with a wrong name": catalogue(q=name[:-9] + "qxqx"),
        "catalogue with a URL": catalogue(q="https://huggingface.co/bench/model"),
        "catalogue with an expression": catalogue(expression="^bada.*7$"),
        "catalogue with an expression anywhere": catalogue(expression="bada.*baba"),
        "catalogue with a version": catalogue(version="^1.7.0"),
        **{f"artifact, {tab or 'overview'}": f"/a/{model}" + (f"?tab={tab}" if tab else "")
           for tab in ("", "scores", "files", "scans", "lineage", "revisions", "audit", "use")},
        "compare": "/compare?" + urlencode([("ids", each[0]) for each in models[:4]]),
        "family": f"/lineage/{models[20][0]}",
        **{f"health of {minutes} min": f"/health/dashboard?minutes={minutes}"
           for minutes in (5, 60, 1440)},
        "staff front page": "/admin/",
        "staff artifacts": "/admin/artifacts/artifact/",
        "staff artifacts, further on": f"/admin/artifacts/artifact/?p={min(100, count // 100)}",
        "staff artifacts, search": f"/admin/artifacts/artifact/?q={name}",
        "staff artifacts, failed": "/admin/artifacts/artifact/"
            "?current_revision__current_rating__gate__exact=failed",
        "staff tasks": "/admin/artifacts/task/",
        "staff failed tasks": "/admin/artifacts/task/?state__exact=failed",
        "staff audit trail": "/admin/artifacts/auditentry/",
        "staff ratings": "/admin/artifacts/rating/",
        "staff revisions": "/admin/artifacts/revision/",
        "staff files": "/admin/artifacts/file/",
        "staff counts": "/admin/artifacts/activitybucket/",
        "staff users": "/admin/artifacts/user/",
    }  # fmt: skip


def run(rows: int) -> Figures:
    """Ask each page in turns with the bare view, so that both meet the same weather."""
    from registry_site.urls import urlpatterns
    from tests.performance.in_process import bare, settle

    page_rows.fill(rows)
    settle()
    urlpatterns.append(path("bench/<str:key>", bare))
    return measure()


def measure(only: str = "") -> Figures:
    """Return the figures of the pages whose names hold a word."""
    client = Client()
    figures = []
    with override_settings(ALLOWED_HOSTS=["*"]):
        client.force_login(User.objects.get(username=DEFAULT_ADMIN_USERNAME))
        key = Artifact.objects.values_list("id", flat=True).order_by("created_us")[7]
        for name, url in list_pages().items():
            if only not in name:
                continue
            asked: list[str] = []

            def note(execute, sql, *given, asked=asked):
                # Besides, whoever's turn it is writes the counts of requests down.
                if str(sql).startswith(("SELECT", "WITH")):
                    asked.append(sql)
                return execute(sql, *given)

            client.get(url)  # once for what is kept for minutes
            with connection.execute_wrapper(note):
                answer = client.get(url)
            if answer.status_code != 200:
                raise RuntimeError(f"{url}: {answer.status_code}")
            ratio, page_ms = compare(partial(client.get, url), partial(client.get, f"/bench/{key}"))
            size = len(answer.content)
            is_over = ratio > RATIO_MAX or len(asked) > QUERIES_MAX or size > BYTES_MAX
            told = (
                f"{ratio:5.1f} times ({page_ms:.0f} ms), {len(asked)} queries, {size / 1000:.0f} kB"
            )
            goal = f"goal: {RATIO_MAX} times, {QUERIES_MAX} queries"
            figures.append((f"{name} ({goal})", told + ("  OVER" if is_over else "")))
    return figures


def compare(page: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Return how many times as much processor time a page takes, and its milliseconds."""
    ratios, times = [], []
    for _ in range(ROUNDS):
        bare_s = statistics.median(_use(bare) for _ in range(5))
        page_s = _use(page)
        ratios.append(page_s / bare_s)
        times.append(page_s)
    return statistics.median(ratios), statistics.median(times) * 1000


def _use(call: Callable[[], object]) -> float:
    """Return the processor time of something, the database's included."""
    started = _used_s()
    call()
    return _used_s() - started


def _used_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime + _used_by_server_s()


def _used_by_server_s() -> float:
    """Return the processor time of our connection's own process of PostgreSQL, on this machine."""
    if connection.vendor != "postgresql":
        return 0.0
    process = connection.connection.info.backend_pid
    # Nanoseconds: docs.kernel.org/scheduler/sched-stats.html.
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
